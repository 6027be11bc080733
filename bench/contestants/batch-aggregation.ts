// The batch frame of the design, as a user's program against the built package. Arguments: input, output.
import { col, count, read, sum } from 'millrace/frame'

const [input = '', output = ''] = process.argv.slice(2)

await read
  .parquet(input)
  .filter(col('date').eq('2024-03-01'))
  .groupBy('user_id', 'product_id')
  .agg(sum('amount').as('total_spent'), count().as('transaction_count'))
  .write.mode('overwrite')
  .parquet(output)
