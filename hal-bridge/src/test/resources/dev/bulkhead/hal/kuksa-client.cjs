// A kuksa.val.v2 client on npm's @grpc/grpc-js: gets, subscribes, actuates, provides. Arguments: proto folder, port.
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const [folder, port] = process.argv.slice(2);
const definition = loader.loadSync('kuksa/val/v2/val.proto', { includeDirs: [folder], keepCase: true, longs: Number, oneofs: true });
const { VAL } = grpc.loadPackageDefinition(definition).kuksa.val.v2;
const client = new VAL(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
const call = (name, request) => new Promise((ok, bad) => client[name](request, (error, answer) => (error ? bad(error) : ok(answer))));
const FAN = 'Vehicle.Cabin.HVAC.Station.Row1.Driver.FanSpeed';
const check = (right, what) => { if (!right) { console.error('failed: ' + what); process.exit(1); } };

async function main() {
  check((await call('GetServerInfo', {})).name === 'bulkhead', 'server info');
  const provider = client.OpenProviderStream();
  const heard = [];
  let wake = () => {};
  provider.on('data', (message) => { heard.push(message); wake(); });
  provider.on('error', () => {});
  const next = async (kind) => {
    for (;;) {
      const at = heard.findIndex((message) => message.action === kind);
      if (at >= 0) return heard.splice(at, 1)[0][kind];
      await new Promise((ok) => { wake = ok; });
    }
  };
  provider.write({ provide_actuation_request: { actuator_identifiers: [{ path: FAN }] } });
  check(await next('provide_actuation_response'), 'provide actuation');
  const idOf = async (path) => (await call('ListMetadata', { root: path })).metadata[0].id ?? 0;
  const speed = await idOf('Vehicle.Speed');
  provider.write({ provide_signal_request: { signals_sample_intervals: { [speed]: { interval_ms: 600000 } } } });
  check(await next('provide_signal_response'), 'provide signal');
  const feed = client.Subscribe({ signal_paths: ['Vehicle.Speed'], buffer_size: 10 });
  const speeds = [];
  const enough = new Promise((ok) => feed.on('data', (news) => {
    const point = news.entries['Vehicle.Speed'];
    speeds.push(point.value ? point.value.float : null);
    if (speeds.length === 3) ok();
    else provider.write({ publish_values_request: { request_id: 1, data_points: { [speed]: { value: { float: 10 * speeds.length } } } } });
  }));
  feed.on('error', () => {});
  await enough;
  check((await next('update_filter_request')).filters_update[speed].min_sample_interval.interval_ms === 600000, 'filter');
  check(JSON.stringify(speeds) === '[null,10,20]', 'subscription ' + JSON.stringify(speeds));
  check((await call('GetValue', { signal_id: { path: 'Vehicle.Speed' } })).data_point.value.float === 20, 'get');
  const moving = await idOf('Vehicle.IsMoving');
  provider.write({ provide_signal_request: { signals_sample_intervals: { [moving]: { interval_ms: 0 } } } });
  await next('provide_signal_response');
  const asked = call('GetValue', { signal_id: { path: 'Vehicle.IsMoving' } });
  const question = await next('get_provider_value_request');
  check(question.signal_ids[0] === moving, 'asked for');
  provider.write({ get_provider_value_response: { request_id: question.request_id, entries: { [moving]: { value: { bool: true } } } } });
  check((await asked).data_point.value.bool === true, 'answered by the provider');
  await call('Actuate', { signal_id: { path: FAN }, value: { uint32: 35 } });
  check((await next('batch_actuate_stream_request')).actuate_requests[0].value.uint32 === 35, 'actuate');
  const refused = await call('Actuate', { signal_id: { path: FAN }, value: { uint32: 101 } }).catch((e) => e.code);
  check(refused === grpc.status.INVALID_ARGUMENT, 'range ' + refused);
  console.log('ok');
  process.exit(0);
}
main().catch((e) => { console.error(e); process.exit(1); });
