import { MillraceError, nearest } from '../../../base/kernel/index.ts'
import * as aes from './aes.ts'
import * as aggregate from './aggregate.ts'
import * as aggregateChoice from './aggregate-choice.ts'
import * as aggregatePercentile from './aggregate-percentile.ts'
import * as aggregateRegression from './aggregate-regression.ts'
import * as aggregateShape from './aggregate-shape.ts'
import * as aggregateSpread from './aggregate-spread.ts'
import * as array from './array.ts'
import * as arrayPlace from './array-place.ts'
import * as arraySet from './array-set.ts'
import * as bit from './bit.ts'
import * as collection from './collection.ts'
import * as conditional from './conditional.ts'
import * as csv from './csv.ts'
import * as date from './date.ts'
import * as dateEpoch from './date-epoch.ts'
import * as dateFormat from './date-format.ts'
import * as dateMake from './date-make.ts'
import * as datePart from './date-part.ts'
import * as dateStep from './date-step.ts'
import * as dateWindow from './date-window.ts'
import * as dateZone from './date-zone.ts'
import type { Defined, FunctionDefinition } from './define.ts'
import * as formatNumber from './format-number.ts'
import * as generator from './generator.ts'
import * as grouping from './grouping.ts'
import * as hash from './hash.ts'
import * as json from './json.ts'
import * as lambda from './lambda.ts'
import * as map from './map.ts'
import * as math from './math.ts'
import * as mathChecked from './math-checked.ts'
import * as mathDigits from './math-digits.ts'
import * as mathRandom from './math-random.ts'
import * as mathRound from './math-round.ts'
import { OPERATORS } from './operators.ts'
import * as sessionInfo from './session-info.ts'
import * as string from './string.ts'
import * as stringBytes from './string-bytes.ts'
import * as stringMatch from './string-match.ts'
import * as stringNumber from './string-number.ts'
import * as stringPart from './string-part.ts'
import * as stringTrim from './string-trim.ts'
import * as stringWords from './string-words.ts'
import * as structs from './struct.ts'
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
