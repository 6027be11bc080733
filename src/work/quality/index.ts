export * from './bind-text.ts'
export * from './checkpoint.ts'
export * from './define-suite.ts'
export { type Defined, defineExpectation, type Expectation } from './expectation.ts'
export * from './format.ts'
export * from './gx-project/index.ts'
export * from './history/index.ts'
export * from './junit.ts'
export * from './keep-quarantine.ts'
export { columnList, columnName, mostly, valueSet } from './kwargs.ts'
export * from './outcome.ts'
export * from './own-expectations.ts'
export { expectationTypes } from './prepare.ts'
export * from './profile/index.ts'
export * from './quarantine.ts'
export { EXPECTATIONS } from './registry.generated.ts'
export * from './result.ts'
export { checkValues } from './row-check.ts'
export type { TakeRows } from './row-result.ts'
export {
  type ExpectationConfig,
  loadSuites,
  readSuite,
  SEVERITIES,
  type Severity,
  type Suite,
  suiteNamed,
} from './suite.ts'
export { type ValidateOptions, validate } from './validate.ts'
export * from './validate-frame.ts'
