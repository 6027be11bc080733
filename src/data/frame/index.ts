export type { ExplainMode, ExplainOptions, ShowOptions } from './actions.ts'
export { type CatalogColumn, catalog } from './catalog.ts'
export { Column, type Condition, col, expr, lit } from './column.ts'
export type { ColumnOrName, Operand } from './column-types.ts'
export { type Compiled, type CompileOptions, compile, type Relation } from './compile/compile.ts'
export { createDataFrame, emptyDataFrame, range } from './create-data-frame.ts'
export * from './datasets.ts'
export { type DescribedPlan, describePlan } from './describe-plan.ts'
export { explainText, schemaText, showText, withQuery, writeFrame } from './execute.ts'
export { type Branch, type Expr, exprName, type WindowBounds } from './expr.ts'
export { Frame, frameOf } from './frame.ts'
export * from './functions/aes.ts'
export * from './functions/aggregate/aggregate.ts'
export * from './functions/aggregate/aggregate-choice.ts'
export * from './functions/aggregate/aggregate-percentile.ts'
export * from './functions/aggregate/aggregate-regression.ts'
export * from './functions/aggregate/aggregate-shape.ts'
export * from './functions/aggregate/aggregate-spread.ts'
export { grouping, groupingId } from './functions/aggregate/grouping.ts'
export { broadcast } from './functions/broadcast.ts'
export * from './functions/collection/array.ts'
export * from './functions/collection/array-place.ts'
export * from './functions/collection/array-set.ts'
export * from './functions/collection/collection.ts'
export * from './functions/collection/generator.ts'
export * from './functions/collection/lambda.ts'
export * from './functions/collection/map.ts'
export * from './functions/collection/struct.ts'
export * from './functions/conditional.ts'
export { typeof_ as typeof } from './functions/conditional.ts'
export * from './functions/date/date.ts'
export {
  dateFromUnixDate,
  timestampMicros,
  timestampMillis,
  timestampSeconds,
  unixDate,
  unixMicros,
  unixMillis,
  unixSeconds,
} from './functions/date/date-epoch.ts'
export * from './functions/date/date-format.ts'
export * from './functions/date/date-make.ts'
export * from './functions/date/date-part.ts'
export * from './functions/date/date-step.ts'
export { sessionWindow, window, windowTime } from './functions/date/date-window.ts'
export { convertTimezone, fromUtcTimestamp, toUtcTimestamp } from './functions/date/date-zone.ts'
export * from './functions/encoded/csv.ts'
export * from './functions/encoded/json.ts'
export * from './functions/hash.ts'
export { FUNCTIONS, functionNamed } from './functions/index.ts'
export * from './functions/math/bit.ts'
export * from './functions/math/math.ts'
export * from './functions/math/math-checked.ts'
export * from './functions/math/math-digits.ts'
export * from './functions/math/math-random.ts'
export * from './functions/math/math-round.ts'
export * from './functions/session-info.ts'
export { formatNumber } from './functions/string/format-number.ts'
export * from './functions/string/string.ts'
export * from './functions/string/string-bytes.ts'
export * from './functions/string/string-match.ts'
export * from './functions/string/string-number.ts'
export * from './functions/string/string-part.ts'
export * from './functions/string/string-trim.ts'
export * from './functions/string/string-words.ts'
export { type UdfOptions, udaf, udf, vectorUdf } from './functions/user-defined.ts'
export * from './functions/window.ts'
export type { GivenSchema, RowOfGiven } from './given-schema.ts'
export { GroupedFrame } from './grouped.ts'
export type { JoinName } from './join-kind.ts'
export type { Literal } from './literal.ts'
export { FrameNaFunctions } from './na.ts'
export * from './plan.ts'
export {
  type CsvReadOptions,
  type DeltaReadOptions,
  type FileReadOptions,
  FrameReader,
  inputFrame,
  type JsonReadOptions,
  type ParquetReadOptions,
  type ParsedReadOptions,
  read,
  type TextReadOptions,
} from './reader.ts'
export { rowText } from './row-text.ts'
export type { AnyRow, Decimal } from './row-types.ts'
export { parseSchema } from './schema-text.ts'
export { currentSession, type FrameSession, type FrameSessionOptions, frameSession, withSession } from './session.ts'
export { FrameStatFunctions } from './stat.ts'
export { StorageLevel } from './storage-level.ts'
export { tvf } from './table-valued.ts'
export { dropGlobalTempView, dropTempView } from './temp-views.ts'
export { type SqlValues, sql, table } from './views.ts'
export { Window, WindowSpec } from './window-spec.ts'
export {
  WRITE_MODES,
  type WriteMode,
  type WriteOutcome,
  type WriteRun,
  type WriteTarget,
} from './write/write-target.ts'
export { FrameWriter } from './writer.ts'
export { FrameWriterV2 } from './writer-v2.ts'
