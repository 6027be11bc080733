"""Writes random tables with deltalake, each step with what its own reader then sees, as one JSON document a table."""
import datetime, decimal, json, os, random, sys
import deltalake, pyarrow as pa

def scalar(rng, kind):
    if rng.random() < 0.2: return None
    return {
        'long': lambda: rng.choice([0, -1, 2**63 - 1, -(2**63), rng.randrange(1000)]),
        'int': lambda: rng.randrange(-5, 5),
        'double': lambda: rng.choice([0.5, -1.25, 1e300, float(rng.randrange(10))]),
        'bool': lambda: rng.random() < 0.5,
        'text': lambda: rng.choice(['', 'a', 'b c', 'ä/ö', 'x=y%20z', "it's", 'q"q', '\u4e2d', 'A' * 40]),
        'date': lambda: datetime.date(2024, 1, 1) + datetime.timedelta(days=rng.randrange(-800, 800)),
        'time': lambda: datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(microseconds=rng.randrange(10**12)),
        'decimal': lambda: decimal.Decimal(rng.randrange(-10**6, 10**6)).scaleb(-2),
        'bytes': lambda: bytes(rng.randrange(256) for _ in range(rng.randrange(4))),
        'list': lambda: [rng.choice([None, 1, 2]) for _ in range(rng.randrange(3))],
        'struct': lambda: {'x': rng.choice([None, 1]), 'y': [{'z': rng.choice(['p', None])}]},
    }[kind]()

TYPES = {
    'long': pa.int64(), 'int': pa.int32(), 'double': pa.float64(), 'bool': pa.bool_(), 'text': pa.string(),
    'date': pa.date32(), 'time': pa.timestamp('us', 'UTC'), 'decimal': pa.decimal128(10, 2), 'bytes': pa.binary(),
    'list': pa.list_(pa.int32()),
    'struct': pa.struct([('x', pa.int32()), ('y', pa.list_(pa.struct([('z', pa.string())])))]),
}
PARTITIONS = ['long', 'int', 'bool', 'text', 'date', 'time']

def plain(v):
    if isinstance(v, bool) or v is None: return v
    if isinstance(v, int): return v if abs(v) < 2**53 else str(v)
    if isinstance(v, decimal.Decimal): return format(v, 'f')
    if isinstance(v, (datetime.datetime, datetime.date)): return v.isoformat()
    if isinstance(v, bytes): return v.hex()
    if isinstance(v, dict): return {k: plain(x) for k, x in v.items()}
    if isinstance(v, (list, tuple)): return [plain(x) for x in v]
    return v

def rows_of(folder, version):
    t = deltalake.DeltaTable(folder, version=version)
    a = pa.table(deltalake.QueryBuilder().register('t', t).execute('select * from t').read_all())
    return [plain(r) for r in a.to_pylist()]

def changes_of(folder):
    t = deltalake.DeltaTable(folder)
    try:
        a = pa.table(t.load_cdf(starting_version=0).read_all())
    except Exception:
        # It does not find change files in folders with escaped names.
        return None
    return [plain({k: v for k, v in r.items() if k != '_commit_timestamp'}) for r in a.to_pylist()]

def write(folder, seed):
    rng = random.Random(seed)
    kinds = [rng.choice(list(TYPES)) for _ in range(rng.randrange(2, 6))]
    names = ['id'] + [f'c{i} {k}' if rng.random() < 0.2 else f'c{i}_{k}' for i, k in enumerate(kinds)]
    names = [n.replace(' ', '_') for n in names]
    kinds = ['int'] + kinds
    by = [n for n, k in zip(names, kinds) if n != 'id' and k in PARTITIONS and rng.random() < 0.4][:2]
    schema = pa.schema([(n, TYPES[k]) for n, k in zip(names, kinds)])
    cdf = rng.random() < 0.5
    config = {'delta.enableChangeDataFeed': 'true'} if cdf else {}
    next_id = 0
    def batch():
        nonlocal next_id
        rows = []
        for _ in range(rng.randrange(1, 12)):
            rows.append({n: next_id if n == 'id' else scalar(rng, k) for n, k in zip(names, kinds)})
            next_id += 1
        return pa.Table.from_pylist(rows, schema=schema)
    deltalake.write_deltalake(folder, batch(), partition_by=by or None, configuration=config)
    for _ in range(rng.randrange(2, 7)):
        t = deltalake.DeltaTable(folder)
        act = rng.choice(['append', 'append', 'delete', 'update', 'overwrite', 'optimize', 'checkpoint', 'merge'])
        if act == 'append': deltalake.write_deltalake(folder, batch(), mode='append')
        elif act == 'overwrite': deltalake.write_deltalake(folder, batch(), mode='overwrite')
        elif act == 'delete': t.delete(f'id % {rng.randrange(2, 5)} = 0')
        elif act == 'update': t.update(predicate=f'id % {rng.randrange(2, 5)} = 1', updates={'id': 'id + 1000'})
        elif act == 'optimize': t.optimize.compact()
        elif act == 'checkpoint': t.create_checkpoint()
        elif act == 'merge':
            given = batch()
            (t.merge(given, predicate='s.id = t.id', source_alias='s', target_alias='t')
              .when_matched_update_all().when_not_matched_insert_all().execute())
    newest = deltalake.DeltaTable(folder).version()
    versions = [{'version': v, 'rows': rows_of(folder, v)} for v in range(newest + 1)]
    return {'versions': versions, **({'changes': changes_of(folder)} if cdf else {})}

folder, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for seed in range(first, first + count):
    print(json.dumps({'seed': seed, **write(os.path.join(folder, str(seed)), seed)}), flush=True)
# Its threads now and then abort an orderly exit.
os._exit(0)
