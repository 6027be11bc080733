"""Goes on with tables that others wrote: appends, merges, deletes and compacts; prints the rows of each as JSON, or why it would not."""
import json, os, sys
import deltalake, pyarrow as pa

def batch(first):
    ids = list(range(first, first + 6))
    return pa.table({'id': pa.array(ids, pa.int64()), 'part': pa.array(['a' if i % 2 else None for i in ids], pa.string()),
                     'note': pa.array([f'd{i}' for i in ids], pa.string()), 'more': pa.array([i / 2 for i in ids], pa.float64())})

def rows(folder):
    t = deltalake.DeltaTable(folder)
    return pa.table(deltalake.QueryBuilder().register('t', t).execute('select * from t').read_all()).to_pylist()

out = []
for folder in sys.argv[1:]:
    try:
        deltalake.write_deltalake(folder, batch(200), mode='append')
        t = deltalake.DeltaTable(folder)
        (t.merge(batch(203), predicate='s.id = t.id', source_alias='s', target_alias='t')
          .when_matched_update_all().when_not_matched_insert_all().execute())
        deltalake.DeltaTable(folder).delete('id = 201')
        deltalake.DeltaTable(folder).optimize.compact()
        deltalake.DeltaTable(folder).create_checkpoint()
        out.append({'rows': rows(folder), 'version': deltalake.DeltaTable(folder).version()})
    except Exception as refused:
        out.append({'refused': str(refused)})
json.dump(out, sys.stdout)
sys.stdout.flush()
# Its threads now and then abort an orderly exit.
os._exit(0)
