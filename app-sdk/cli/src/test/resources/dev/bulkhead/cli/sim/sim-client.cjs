// A kuksa.val.v2 client on npm's @grpc/grpc-js against a simulated vehicle: gets, subscribes, actuates, is refused. Arguments: proto folder, port.
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
  check((await call('ListMetadata', { root: 'Vehicle' })).metadata.length > 50, 'metadata');
  const feed = client.Subscribe({ signal_paths: ['Vehicle.Speed', FAN], buffer_size: 100 });
  let fan = () => {};
  let speeds = 0;
  feed.on('error', () => {});
  const five = new Promise((ok) => feed.on('data', (news) => {
    if (news.entries['Vehicle.Speed'] && ++speeds === 5) ok();
    if (news.entries[FAN]) fan(news.entries[FAN].value);
  }));
  await five;
  const blown = new Promise((ok) => { fan = (value) => { if (value && value.uint32 === 35) ok(); }; });
  await call('Actuate', { signal_id: { path: FAN }, value: { uint32: 35 } });
  await blown;
  check((await call('GetValue', { signal_id: { path: FAN } })).data_point.value.uint32 === 35, 'get');
  const code = (name, request) => call(name, request).then(() => 0, (e) => e.code);
  check(await code('Actuate', { signal_id: { path: FAN }, value: { uint32: 101 } }) === grpc.status.INVALID_ARGUMENT, 'range');
  check(await code('Actuate', { signal_id: { path: FAN }, value: { string: '1' } }) === grpc.status.INVALID_ARGUMENT, 'type');
  check(await code('GetValue', { signal_id: { path: 'Boat' } }) === grpc.status.NOT_FOUND, 'unknown');
  const thief = client.OpenProviderStream();
  const end = new Promise((ok) => thief.on('error', (e) => ok(e.code)));
  thief.on('data', () => {});
  thief.write({ provide_actuation_request: { actuator_identifiers: [{ path: FAN }] } });
  check(await end === grpc.status.ALREADY_EXISTS, 'the vehicle carries it out already');
  console.log('ok');
  process.exit(0);
}
main().catch((e) => { console.error(e); process.exit(1); });
