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
  const next = async () => { while (heard.length === 0) await new Promise((ok) => { wake = ok; }); return heard.shift(); };
  provider.write({ provide_actuation_request: { actuator_identifiers: [{ path: FAN }] } });
  check((await next()).provide_actuation_response, 'provide actuation');
  const meta = (await call('ListMetadata', { root: 'Vehicle.Speed' })).metadata[0];
  provider.write({ provide_signal_request: { signals_sample_intervals: { [meta.id]: { interval_ms: 10 } } } });
  check((await next()).provide_signal_response, 'provide signal');
  const feed = client.Subscribe({ signal_paths: ['Vehicle.Speed'], buffer_size: 10 });
  const speeds = [];
  const enough = new Promise((ok) => feed.on('data', (news) => {
    const point = news.entries['Vehicle.Speed'];
    speeds.push(point.value ? point.value.float : null);
    if (speeds.length === 3) ok();
    else provider.write({ publish_values_request: { request_id: 1, data_points: { [meta.id]: { value: { float: 10 * speeds.length } } } } });
  }));
  feed.on('error', () => {});
  await enough;
  check(JSON.stringify(speeds) === '[null,10,20]', 'subscription ' + JSON.stringify(speeds));
  check((await call('GetValue', { signal_id: { path: 'Vehicle.Speed' } })).data_point.value.float === 20, 'get');
  await call('Actuate', { signal_id: { path: FAN }, value: { uint32: 35 } });
  check((await next()).batch_actuate_stream_request.actuate_requests[0].value.uint32 === 35, 'actuate');
  const refused = await call('Actuate', { signal_id: { path: FAN }, value: { uint32: 101 } }).catch((e) => e.code);
  check(refused === grpc.status.INVALID_ARGUMENT, 'range ' + refused);
  console.log('ok');
  process.exit(0);
}
main().catch((e) => { console.error(e); process.exit(1); });
