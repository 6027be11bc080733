import { type DataType, formatType, MillraceError, sqlTypeName } from '../../../../base/kernel/index.ts'
import { Column, named, operand } from '../../column.ts'
import type { ColumnOrName, NamesOf, NeedsOf } from '../../column-types.ts'
import { constantOf } from '../../dialect/constant.ts'
import { numericHistogram } from '../../native/numeric-histogram.ts'
import { define, onlyDuckDb, type Template } from '../define.ts'
import { nativeOf } from '../native.ts'
import type { ResultType } from '../result-type.ts'

// What of values is told by more than one number.

const HISTOGRAM = nativeOf('numeric_histogram', { kind: 'string' }, numericHistogram)

const BINS: ResultType<{ x: unknown; y: number }[] | null> = {
  of: ([type]) =>
    type && {
      kind: 'array',
      containsNull: true,
      element: {
        kind: 'struct',
        fields: [
          { name: 'x', type: type.kind === 'null' ? { kind: 'double' } : type, nullable: true },
          { name: 'y', type: { kind: 'double' }, nullable: true },
        ],
      },
    },
}

/** A value as the number that its bin has, and back. */
function asNumber(type: DataType): string {
  switch (type.kind) {
    case 'date':
      return "$1 - date '1970-01-01'"
    case 'timestamp':
    case 'timestamp_ntz':
      return 'epoch_us($1)'
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
    case 'decimal':
      return '$1'
    default:
      throw new MillraceError(
        'COLUMN_TYPE',
        `histogram_numeric() takes numbers and times, and not ${formatType(type)}`,
        {
          hint: "Convert it first, by col('…').cast('double').",
        },
      )
  }
}

function fromNumber(of: string, type: DataType): string {
  // The nearest double to the greatest long is no long.
  const whole = `coalesce(try_cast(trunc(${of}) as bigint), case when ${of} > 0 then 9223372036854775807 else -9223372036854775808 end)`
  switch (type.kind) {
    case 'date':
      return `(date '1970-01-01' + cast(${whole} as integer))`
    case 'timestamp':
      return `make_timestamptz(${whole})`
    case 'timestamp_ntz':
      return `make_timestamp(${whole})`
    case 'float':
    case 'double':
    case 'decimal':
      return `cast(${of} as ${sqlTypeName(type, 'duckdb')})`
    default:
      return `cast(${whole} as ${sqlTypeName(type, 'duckdb')})`
  }
}

const histogram: Template = ([, most], [type], call) => {
  const bins = constantOf(most)
  if (type === undefined) return call.refuse('of what is of no known type')
  if (typeof bins !== 'number' || !Number.isInteger(bins) || bins < 2) {
    throw new MillraceError('OPTION_INVALID', `histogram_numeric() makes 2 bins or more, and not ${String(bins)}`, {
      hint: 'Give it a whole number, such as histogramNumeric("amount", 10).',
    })
  }
  const texts = `string_agg(cast(cast(${asNumber(type)} as double) as varchar), ',')$over`
  const part = (at: number) => `cast(split_part(bin, ',', ${at}) as double)`
  const members = `x := ${fromNumber(part(1), type)}, y := ${part(2)}`
  return `list_transform(string_split(${HISTOGRAM.scalar.name}(${texts}, $2), ';'), lambda bin: struct_pack(${members}))`
}

/** Up to so many bins of the values: the middle `x` and the count `y` of each, found on the way in the order of rows. */
function histogramBuilder<const A extends ColumnOrName>(
  column: A,
  bins: number,
): Column<{ x: unknown; y: number }[] | null, string, NamesOf<A>, NeedsOf<A>> {
  return new Column({ kind: 'call', fn: 'histogram_numeric', args: [named(column), operand(bins)] })
}
export const histogramNumeric = Object.assign(histogramBuilder, {
  definition: define('histogram_numeric', onlyDuckDb(histogram, 'It has width_bucket().'), BINS, {
    kind: 'aggregate',
    natives: [HISTOGRAM],
  }),
})
