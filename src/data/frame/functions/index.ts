import { MillraceError, nearest } from '../../../base/kernel/index.ts'
import * as aes from './aes.ts'
import * as aggregate from './aggregate/aggregate.ts'
import * as aggregateChoice from './aggregate/aggregate-choice.ts'
import * as aggregatePercentile from './aggregate/aggregate-percentile.ts'
import * as aggregateRegression from './aggregate/aggregate-regression.ts'
import * as aggregateShape from './aggregate/aggregate-shape.ts'
import * as aggregateSpread from './aggregate/aggregate-spread.ts'
import * as grouping from './aggregate/grouping.ts'
import * as array from './collection/array.ts'
import * as arrayPlace from './collection/array-place.ts'
import * as arraySet from './collection/array-set.ts'
import * as collection from './collection/collection.ts'
import * as generator from './collection/generator.ts'
import * as lambda from './collection/lambda.ts'
import * as map from './collection/map.ts'
import * as structs from './collection/struct.ts'
import * as conditional from './conditional.ts'
import * as date from './date/date.ts'
import * as dateEpoch from './date/date-epoch.ts'
import * as dateFormat from './date/date-format.ts'
import * as dateMake from './date/date-make.ts'
import * as datePart from './date/date-part.ts'
import * as dateStep from './date/date-step.ts'
import * as dateWindow from './date/date-window.ts'
import * as dateZone from './date/date-zone.ts'
import type { Defined, FunctionDefinition } from './define.ts'
import * as csv from './encoded/csv.ts'
import * as json from './encoded/json.ts'
import * as hash from './hash.ts'
import * as bit from './math/bit.ts'
import * as math from './math/math.ts'
import * as mathChecked from './math/math-checked.ts'
import * as mathDigits from './math/math-digits.ts'
import * as mathRandom from './math/math-random.ts'
import * as mathRound from './math/math-round.ts'
import { OPERATORS } from './operators.ts'
import * as sessionInfo from './session-info.ts'
import * as formatNumber from './string/format-number.ts'
import * as string from './string/string.ts'
import * as stringBytes from './string/string-bytes.ts'
import * as stringMatch from './string/string-match.ts'
import * as stringNumber from './string/string-number.ts'
import * as stringPart from './string/string-part.ts'
import * as stringTrim from './string/string-trim.ts'
import * as stringWords from './string/string-words.ts'
import { userDefined } from './user-defined.ts'
import * as window from './window.ts'

const FAMILIES: readonly object[] = [
  aes, aggregate, aggregateChoice, aggregatePercentile, aggregateRegression, aggregateShape, aggregateSpread, array, arrayPlace, arraySet, bit, collection, conditional, csv, date, dateEpoch, dateFormat, dateMake, datePart, dateStep, dateWindow, dateZone, formatNumber, generator, grouping, hash, json, lambda, map, math, mathChecked, mathDigits, mathRandom, mathRound, sessionInfo, string, stringBytes, stringMatch, stringNumber, stringPart, stringTrim, stringWords, structs, window,
] // biome-ignore format: a list

function isDefined(value: unknown): value is Defined {
  return typeof value === 'function' && 'definition' in value
}

/** Every function a plan may call, by its Spark SQL name. */
export const FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  [
    ...FAMILIES.flatMap((family) =>
      Object.values(family)
        .filter(isDefined)
        .map((built) => built.definition),
    ),
    ...OPERATORS,
  ].map((definition) => [definition.name, definition]),
)

/** The definition of a function. @throws MillraceError FUNCTION_UNKNOWN */
export function functionNamed(name: string): FunctionDefinition {
  const found = FUNCTIONS.get(name) ?? userDefined(name)?.definition
  if (found) return found
  const near = nearest(name, FUNCTIONS.keys())
  throw new MillraceError('FUNCTION_UNKNOWN', `the function "${name}" does not exist`, {
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'Use expr("…") to call a function of the engine.',
  })
}
