# The same with deltalake (delta-rs). Arguments: input (Parquet), output.
import sys
import pyarrow.parquet as parquet, pyarrow.compute as compute
from deltalake import write_deltalake

rows = parquet.read_table(sys.argv[1])
for batch in range(100):
    write_deltalake(sys.argv[2], rows.filter(compute.equal(rows['batch'], batch)).drop(['batch']), mode='append')
