package dev.bulkhead.agent.api;

import dev.bulkhead.agent.lifecycle.AppView;
import dev.bulkhead.agent.lifecycle.NotDurableException;
import dev.bulkhead.agent.lifecycle.SupervisorEvent;
import dev.bulkhead.contract.proto.AgentGrpc;
import dev.bulkhead.contract.proto.AgentStatus;
import dev.bulkhead.contract.proto.AgentStatusRequest;
import dev.bulkhead.contract.proto.AppConfig;
import dev.bulkhead.contract.proto.AppDetail;
import dev.bulkhead.contract.proto.AuditLogEntry;
import dev.bulkhead.contract.proto.AuditLogRequest;
import dev.bulkhead.contract.proto.AuditMatrixRequest;
import dev.bulkhead.contract.proto.AuditMatrixResponse;
import dev.bulkhead.contract.proto.ConfigureRequest;
import dev.bulkhead.contract.proto.ControlRequest;
import dev.bulkhead.contract.proto.ControlResponse;
import dev.bulkhead.contract.proto.ExportAuditRequest;
import dev.bulkhead.contract.proto.FileChunk;
import dev.bulkhead.contract.proto.InspectRequest;
import dev.bulkhead.contract.proto.InstallChunk;
import dev.bulkhead.contract.proto.InstallResponse;
import dev.bulkhead.contract.proto.InstallTogetherResponse;
import dev.bulkhead.contract.proto.ListActuatorsRequest;
import dev.bulkhead.contract.proto.ListActuatorsResponse;
import dev.bulkhead.contract.proto.ListAppsRequest;
import dev.bulkhead.contract.proto.ListAppsResponse;
import dev.bulkhead.contract.proto.LogLine;
import dev.bulkhead.contract.proto.ReadSignalsRequest;
import dev.bulkhead.contract.proto.ReadSignalsResponse;
import dev.bulkhead.contract.proto.ShowConfigRequest;
import dev.bulkhead.contract.proto.TailLogsRequest;
import dev.bulkhead.contract.proto.UninstallRequest;
import dev.bulkhead.contract.proto.WatchAppsRequest;
import dev.bulkhead.contract.proto.WatchSignalsRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The operator's calls, each turned into one of the lifecycle room's. */
final class AgentService extends AgentGrpc.AgentImplBase {
    private static final String OPERATOR = "the local operator";

    private final ApiParts parts;
    private final Sideload sideload;

    AgentService(ApiParts parts) {
        this.parts = parts;
        this.sideload = new Sideload(parts.installer(), parts.incoming());
    }

    /** Answers once; what is wrong with the request becomes a status that says so. */
    private static <T> void answer(StreamObserver<T> observer, Supplier<T> work) {
        try {
            observer.onNext(work.get());
            observer.onCompleted();
        } catch (StatusRuntimeException e) {
            observer.onError(e);
        } catch (NotDurableException e) {
            observer.onError(
                    Status.RESOURCE_EXHAUSTED.withDescription(e.getMessage()).asRuntimeException());
        } catch (IllegalArgumentException e) {
            observer.onError(
                    Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
        } catch (RuntimeException e) {
            observer.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
        }
    }

    @Override
    public void status(AgentStatusRequest request, StreamObserver<AgentStatus> observer) {
        answer(observer, parts.status());
    }

    @Override
    public void listApps(ListAppsRequest request, StreamObserver<ListAppsResponse> observer) {
        answer(observer, this::list);
    }

    private ListAppsResponse list() {
        return ListAppsResponse.newBuilder()
                .addAllApps(AppMessages.list(
                        parts.orchestrator().apps(), parts.clock().nanos()))
                .build();
    }

    @Override
    public void watchApps(WatchAppsRequest request, StreamObserver<ListAppsResponse> observer) {
        long period = Watch.period(request.getPeriodMs(), 1_000, 100);
        Watch.start(parts, (ServerCallStreamObserver<ListAppsResponse>) observer, period, this::list);
    }

    @Override
    public void tailLogs(TailLogsRequest request, StreamObserver<LogLine> observer) {
        LogTail.start(parts, request, (ServerCallStreamObserver<LogLine>) observer);
    }

    @Override
    public void control(ControlRequest request, StreamObserver<ControlResponse> observer) {
        answer(observer, () -> {
            SupervisorEvent.Verb verb = switch (request.getVerb()) {
                case START -> SupervisorEvent.Verb.START;
                case STOP -> SupervisorEvent.Verb.STOP;
                case RESTART -> SupervisorEvent.Verb.RESTART;
                case QUARANTINE -> SupervisorEvent.Verb.QUARANTINE;
                case ROLLBACK -> SupervisorEvent.Verb.ROLLBACK;
                case VERB_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException("no verb given");
            };
            AppView before = app(request.getAppId());
            if (verb == SupervisorEvent.Verb.ROLLBACK
                    && before.slot().fallback().isEmpty()) {
                throw Status.FAILED_PRECONDITION
                        .withDescription(
                                request.getAppId()
                                        + " has no earlier version to return to: only a version on probation can be rolled back")
                        .asRuntimeException();
            }
            parts.orchestrator().apply(request.getAppId(), new SupervisorEvent.Operator(verb, OPERATOR));
            return ControlResponse.newBuilder()
                    .setApp(AppMessages.status(
                            app(request.getAppId()), parts.clock().nanos()))
                    .build();
        });
    }

    private AppView app(String appId) {
        Optional<AppView> found = parts.orchestrator().app(appId);
        return found.orElseThrow(() -> Status.NOT_FOUND
                .withDescription("no app \"" + appId + "\" is installed here")
                .asRuntimeException());
    }

    @Override
    public StreamObserver<InstallChunk> install(StreamObserver<InstallResponse> observer) {
        return sideload.one(observer);
    }

    @Override
    public StreamObserver<InstallChunk> installTogether(StreamObserver<InstallTogetherResponse> observer) {
        return sideload.several(observer);
    }

    @Override
    public void uninstall(UninstallRequest request, StreamObserver<InstallResponse> observer) {
        answer(observer, () -> {
            app(request.getAppId());
            return sideload.uninstall(request.getAppId());
        });
    }

    @Override
    public void showConfig(ShowConfigRequest request, StreamObserver<AppConfig> observer) {
        answer(observer, () -> config(app(request.getAppId())));
    }

    @Override
    public void configure(ConfigureRequest request, StreamObserver<AppConfig> observer) {
        answer(observer, () -> {
            AppView before = app(request.getAppId());
            Map<String, String> changes = new TreeMap<>(request.getSetMap());
            for (String key : request.getUnsetList()) {
                if (changes.put(key, "") != null) {
                    throw new IllegalArgumentException(key + " is to be both set and unset");
                }
            }
            if (changes.isEmpty()) {
                throw new IllegalArgumentException("nothing to set or unset");
            }
            if (request.getSetMap().containsValue("")) {
                throw new IllegalArgumentException("a value has at least one character; unset the key instead");
            }
            parts.orchestrator().configure(before.slot().appId(), changes, OPERATOR);
            return config(app(request.getAppId()));
        });
    }

    private AppConfig config(AppView view) {
        String appId = view.slot().appId();
        return AppConfig.newBuilder()
                .setAppId(appId)
                .putAllValues(parts.orchestrator().configuration(appId))
                .build();
    }

    @Override
    public void inspect(InspectRequest request, StreamObserver<AppDetail> observer) {
        answer(observer, () -> Inspection.of(parts, app(request.getAppId())));
    }

    @Override
    public void auditMatrix(AuditMatrixRequest request, StreamObserver<AuditMatrixResponse> observer) {
        answer(observer, () -> AuditMessages.matrix(parts.log(), request.getAppId()));
    }

    @Override
    public void auditLog(AuditLogRequest request, StreamObserver<AuditLogEntry> observer) {
        stream(
                observer,
                () -> AuditMessages.entries(
                        parts.log(), request.getFrom(), request.getLimit(), request.getAppId(), observer::onNext));
    }

    @Override
    public void exportAudit(ExportAuditRequest request, StreamObserver<FileChunk> observer) {
        stream(observer, () -> AuditMessages.export(parts.log(), observer::onNext));
    }

    private static void stream(StreamObserver<?> observer, Runnable work) {
        try {
            work.run();
            observer.onCompleted();
        } catch (RuntimeException e) {
            observer.onError(Status.INTERNAL.withDescription(e.toString()).asRuntimeException());
        }
    }

    @Override
    public void listActuators(ListActuatorsRequest request, StreamObserver<ListActuatorsResponse> observer) {
        answer(
                observer,
                () -> VehicleMessages.actuators(parts.actuators(), parts.clock().nanos()));
    }

    @Override
    public void readSignals(ReadSignalsRequest request, StreamObserver<ReadSignalsResponse> observer) {
        answer(observer, () -> VehicleMessages.signals(parts.signals(), request.getGlob(), request.getLimit()));
    }

    @Override
    public void watchSignals(WatchSignalsRequest request, StreamObserver<ReadSignalsResponse> observer) {
        long period = Watch.period(request.getPeriodMs(), 500, 50);
        Watch.start(
                parts,
                (ServerCallStreamObserver<ReadSignalsResponse>) observer,
                period,
                () -> VehicleMessages.signals(parts.signals(), request.getGlob(), request.getLimit()));
    }
}
