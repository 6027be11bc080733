export { type DataDocsOptions, dataDocs } from './data-docs.ts'
export {
  type ColumnScore,
  type HistoryQuery,
  type KeptResult,
  type KeptValidation,
  keepValidation,
  latestValidations,
  readColumnScores,
  readHistory,
} from './history.ts'
export { type Past, readPast } from './past.ts'
export { resultDocs } from './result-docs.ts'
