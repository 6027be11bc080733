import { join } from 'node:path'
import type { Bench } from '../harness/bench.ts'
import { qualityData, TWELVE, validated, writeSuite } from './quality.ts'

/** Three hundred different expectations on the twelve columns. */
function threeHundred(): [string, object][] {
  const numbers = ['amount', 'quantity', 'price', 'user_id']
  const texts = ['status', 'code', 'email', 'country', 'note']
  return Array.from({ length: 288 }, (_, i): [string, object] => {
    const [number, text] = [numbers[i % 4], texts[i % 5]]
    switch (i % 6) {
      case 0:
        return ['expect_column_values_to_be_between', { column: number, min_value: -i, max_value: 2_000_000 + i }]
      case 1:
        return ['expect_column_values_to_not_be_in_set', { column: text, value_set: [`none${i}`] }]
      case 2:
        return ['expect_column_value_lengths_to_be_between', { column: text, min_value: 1, max_value: 30 + i }]
      case 3:
        return ['expect_column_mean_to_be_between', { column: number, min_value: -i }]
      case 4:
        return ['expect_column_values_to_not_be_null', { column: text, mostly: i / 1000 }]
      default:
        return ['expect_column_max_to_be_between', { column: number, max_value: 2_000_000 + i }]
    }
  })
}

export default {
  name: 'quality-300',
  summary: 'three hundred expectations on one table, against twelve',
  async prepare(scale) {
    const folder = await qualityData(Math.round(10_000_000 * scale))
    await writeSuite(join(folder, 'many.json'), [...TWELVE, ...threeHundred()])
    return {
      data: 'The rows of bench quality.',
      contestants: [
        { name: '300 expectations', role: 'ours', ...validated(folder, 'many.json') },
        {
          name: '12 expectations',
          role: 'reference',
          ...validated(folder, 'twelve.json'),
          incomparable: 'it is another suite',
        },
      ],
      targets: [{ against: '12 expectations', measure: 'cpu', atLeast: 1 / 4 }],
    }
  },
} satisfies Bench
