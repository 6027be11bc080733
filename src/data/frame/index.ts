export type { ExplainMode, ExplainOptions, ShowOptions } from './actions.ts'
export { type CatalogColumn, catalog } from './catalog.ts'
export { Column, type ColumnOrName, type Condition, col, expr, lit, type Operand } from './column.ts'
export { type Compiled, type CompileOptions, compile, type Relation } from './compile/compile.ts'
export { createDataFrame, emptyDataFrame, range } from './create-data-frame.ts'
export * from './datasets.ts'
export { type DescribedPlan, describePlan } from './describe-plan.ts'
export { explainText, schemaText, showText, writeFrame } from './execute.ts'
export { type Branch, type Expr, exprName, type WindowBounds } from './expr.ts'
export { Frame, frameOf } from './frame.ts'
export * from './functions/aes.ts'
export * from './functions/aggregate.ts'
export * from './functions/aggregate-choice.ts'
export * from './functions/aggregate-percentile.ts'
export * from './functions/aggregate-regression.ts'
export * from './functions/aggregate-shape.ts'
export * from './functions/aggregate-spread.ts'
export * from './functions/array.ts'
export * from './functions/array-place.ts'
export * from './functions/array-set.ts'
export * from './functions/bit.ts'
export { broadcast } from './functions/broadcast.ts'
export * from './functions/collection.ts'
export * from './functions/conditional.ts'
export { typeof_ as typeof } from './functions/conditional.ts'
export * from './functions/csv.ts'
export * from './functions/date.ts'
export {
  dateFromUnixDate,
  timestampMicros,
  timestampMillis,
  timestampSeconds,
  unixDate,
  unixMicros,
  unixMillis,
  unixSeconds,
} from './functions/date-epoch.ts'
export * from './functions/date-format.ts'
export * from './functions/date-make.ts'
export * from './functions/date-part.ts'
export * from './functions/date-step.ts'
export { sessionWindow, window, windowTime } from './functions/date-window.ts'
export { convertTimezone, fromUtcTimestamp, toUtcTimestamp } from './functions/date-zone.ts'
export { formatNumber } from './functions/format-number.ts'
export * from './functions/generator.ts'
export { grouping, groupingId } from './functions/grouping.ts'
export * from './functions/hash.ts'
export { FUNCTIONS, functionNamed } from './functions/index.ts'
export * from './functions/json.ts'
export * from './functions/lambda.ts'
export * from './functions/map.ts'
export * from './functions/math.ts'
export * from './functions/math-checked.ts'
export * from './functions/math-digits.ts'
export * from './functions/math-random.ts'
export * from './functions/math-round.ts'
export * from './functions/session-info.ts'
export * from './functions/string.ts'
export * from './functions/string-bytes.ts'
export * from './functions/string-match.ts'
export * from './functions/string-number.ts'
export * from './functions/string-part.ts'
export * from './functions/string-trim.ts'
export * from './functions/string-words.ts'
export * from './functions/struct.ts'
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
