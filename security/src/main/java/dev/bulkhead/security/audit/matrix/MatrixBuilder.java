package dev.bulkhead.security.audit.matrix;

import dev.bulkhead.contract.capability.Capability;
import dev.bulkhead.contract.proto.AuditEntry;
import dev.bulkhead.contract.proto.AuditEntry.Declared;
import dev.bulkhead.security.audit.Tally;
import dev.bulkhead.security.audit.Touch;
import dev.bulkhead.security.audit.TouchTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reconciles declarations with touches: each touch goes to the manifest's line that covers it. One use. */
final class MatrixBuilder {
    private static final Comparator<MatrixTouch> BY_ACCESS = Comparator.comparing(MatrixTouch::access)
            .thenComparing(MatrixTouch::kind)
            .thenComparing(MatrixTouch::rule);

    private record AppKey(String app, String version) implements Comparable<AppKey> {
        @Override
        public int compareTo(AppKey other) {
            return Comparator.comparing(AppKey::app)
                    .thenComparing(AppKey::version)
                    .compare(this, other);
        }
    }

    private static final class AppData {
        private Optional<AuditEntry> declaration = Optional.empty();
        private String vendor = "";
        private final List<MatrixTouch> touches = new ArrayList<>();
        private final List<MatrixTouch> budgets = new ArrayList<>();
    }

    private final TouchTable table;
    private final Map<AppKey, AppData> apps = new TreeMap<>();
    private final List<MatrixRow> rows = new ArrayList<>();

    MatrixBuilder(TouchTable table) {
        this.table = table;
    }

    AuditMatrix build() {
        for (AuditEntry entry : table.declarations()) {
            AppData data = data(entry.getAppId(), entry.getVersion(), entry.getVendor());
            data.declaration = Optional.of(entry);
        }
        table.touches().forEach(this::sort);
        List<AppView> views = new ArrayList<>();
        apps.forEach((key, data) -> {
            data.touches.sort(BY_ACCESS);
            data.budgets.sort(BY_ACCESS);
            views.add(view(key, data));
            rowsOf(key, data);
        });
        return new AuditMatrix(table.origin(), table.size(), views, rows);
    }

    private AppData data(String app, String version, String vendor) {
        AppData data = apps.computeIfAbsent(new AppKey(app, version), key -> new AppData());
        data.vendor = data.vendor.isEmpty() ? vendor : data.vendor;
        return data;
    }

    private void sort(Touch touch, Tally tally) {
        AppData data = data(touch.app(), touch.version(), touch.vendor());
        var entry = new MatrixTouch(touch.kind(), touch.access(), touch.rule(), tally);
        (touch.kind() == Touch.Kind.BUDGET ? data.budgets : data.touches).add(entry);
    }

    private static AppView view(AppKey key, AppData data) {
        Declared declared = declared(data);
        return new AppView(
                key.app(),
                key.version(),
                data.vendor,
                data.declaration.map(AuditEntry::getUnixMs).orElse(0L),
                declared.getPolicyEpoch(),
                declared.getImportsList(),
                declared.getUndeclaredImportsList(),
                data.budgets);
    }

    private static Declared declared(AppData data) {
        return data.declaration.map(AuditEntry::getDeclared).orElse(Declared.getDefaultInstance());
    }

    private void rowsOf(AppKey key, AppData data) {
        List<Declared.Request> requests = declared(data).getRequestsList();
        List<Optional<Capability>> lines =
                requests.stream().map(r -> TouchQuery.Lines.read(r.getLine())).toList();
        List<List<MatrixTouch>> sorted = new ArrayList<>();
        requests.forEach(request -> sorted.add(new ArrayList<>()));
        Map<String, List<MatrixTouch>> rest = new TreeMap<>();
        for (MatrixTouch touch : data.touches) {
            int line = covering(lines, touch);
            (line < 0 ? rest.computeIfAbsent(touch.access(), access -> new ArrayList<>()) : sorted.get(line))
                    .add(touch);
        }
        for (int i = 0; i < requests.size(); i++) {
            rows.add(requested(key, data.vendor, requests.get(i), sorted.get(i)));
        }
        rest.forEach((access, touches) -> rows.add(unrequested(key, data.vendor, access, touches)));
    }

    /** The first line that covers the touch, exact ones before patterns; −1 if there is none. */
    private static int covering(List<Optional<Capability>> lines, MatrixTouch touch) {
        Optional<Capability> access = TouchQuery.Lines.read(touch.access());
        int found = -1;
        for (int i = 0; i < lines.size() && access.isPresent(); i++) {
            Optional<Capability> line =
                    lines.get(i).filter(l -> !access.get().intersect(l).isEmpty());
            if (line.isPresent() && (found < 0 || line.get().toString().indexOf('*') < 0)) {
                found = i;
            }
        }
        return found;
    }

    private static MatrixRow requested(AppKey key, String vendor, Declared.Request request, List<MatrixTouch> touches) {
        List<Capability> effective = request.getEffectiveList().stream()
                .flatMap(line -> TouchQuery.Lines.read(line).stream())
                .toList();
        return new MatrixRow(
                key.app(),
                key.version(),
                vendor,
                request.getLine(),
                request.getEffectiveCount() > 0 ? MatrixRow.Declared.GRANTED : MatrixRow.Declared.REFUSED,
                request.getReason(),
                request.getEffectiveList(),
                request.getRule(),
                request.getWhy(),
                touches,
                NearLimit.of(effective, touches));
    }

    private static MatrixRow unrequested(AppKey key, String vendor, String access, List<MatrixTouch> touches) {
        return new MatrixRow(
                key.app(),
                key.version(),
                vendor,
                access,
                MatrixRow.Declared.NOT_REQUESTED,
                "",
                List.of(),
                touches.getFirst().rule(),
                "not requested in the manifest",
                touches,
                Optional.empty());
    }
}
