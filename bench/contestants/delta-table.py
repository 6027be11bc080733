# The same with deltalake (delta-rs). Arguments: create|overwrite|compact|merge|open, input (Parquet), table; or
# read TABLE FILE, which writes the rows of a table into a Parquet file.
import json, sys, time
import deltalake
import pyarrow.parquet as parquet
from deltalake import DeltaTable, write_deltalake

act, source, folder = sys.argv[1:4]

def create():
    write_deltalake(folder, parquet.read_table(source))

def overwrite():
    write_deltalake(folder, parquet.read_table(source), mode='overwrite', predicate='part = 7')

def compact():
    DeltaTable(folder).optimize.compact()

def merge():
    (DeltaTable(folder)
        .merge(parquet.read_table(source), 't.id = s.id', source_alias='s', target_alias='t')
        .when_matched_update_all().when_not_matched_insert_all().execute())

def open_():
    if len(DeltaTable(folder).file_uris()) != 100_000: raise SystemExit('not all files')

if act == 'read':
    rows = deltalake.QueryBuilder().register('t', DeltaTable(source)).execute('select * from t').read_all()
    import pyarrow
    parquet.write_table(pyarrow.table(rows), folder)
else:
    began, used = time.perf_counter(), time.process_time()
    {'create': create, 'overwrite': overwrite, 'compact': compact, 'merge': merge, 'open': open_}[act]()
    print('BENCH ' + json.dumps({'seconds': time.perf_counter() - began, 'cpuSeconds': time.process_time() - used}))
