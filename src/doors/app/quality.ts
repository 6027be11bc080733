/** For suites and expectations in TypeScript, and for programs that validate: `millrace/quality`. */
export { z } from 'zod'
export { id, join, list, type Sql, sql } from '../../base/sql/index.ts'
export {
  type AnyExpectation,
  checkValues,
  columnList,
  columnName,
  type Defined,
  defineExpectation,
  defineSuite,
  type Expectation,
  expectation,
  mostly,
  type Suite,
  type SuiteDefinition,
  type ValidationResult,
  validateFrame,
  valueSet,
} from '../../work/quality/index.ts'
export { type CheckpointDefinition, DataQualityManager, type SuiteDraft } from './data-quality-manager.ts'
export type { QualityCheck } from './quality-checks.ts'
export type { QualityHistory } from './quality-history.ts'
