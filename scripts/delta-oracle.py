# What deltalake (delta-rs) says of Delta tables: for each folder named by a line of the input one line of JSON, with the
# version, the columns and the files with their sizes, or with the error.
import json, sys
import pyarrow
from deltalake import DeltaTable

for line in sys.stdin:
    try:
        table = DeltaTable(line.strip())
        files = pyarrow.table(table.get_add_actions(flatten=True)).select(['path', 'size_bytes']).to_pylist()
        said = {
            'version': table.version(),
            'columns': [field.name for field in table.schema().fields],
            'files': sorted([file['path'], file['size_bytes']] for file in files),
        }
    except BaseException as error:
        said = {'error': str(error)}
    print(json.dumps(said), flush=True)
