import type { SelectionMethod } from '../selection-spec.ts'
import { byFile, byPath } from './by-file.ts'
import { byFqn, byPackage, byResourceName, bySource } from './by-name.ts'
import { byAccess, byConfig, byGroup, byResourceType, byTag, byVersion } from './by-property.ts'
import { byResult, bySourceStatus, byState } from './by-state.ts'
import { byTestName, byTestType } from './by-test.ts'
import type { SelectionMethodOf } from './selection-method.ts'

/** The methods by dbt's names; `selector` is not among them, for it is a selection of its own. */
export const METHODS: Readonly<Record<Exclude<SelectionMethod, 'selector'>, SelectionMethodOf>> = {
  fqn: byFqn,
  tag: byTag,
  group: byGroup,
  access: byAccess,
  source: bySource,
  path: byPath,
  file: byFile,
  package: byPackage,
  config: byConfig,
  test_name: byTestName,
  test_type: byTestType,
  resource_type: byResourceType,
  state: byState,
  exposure: byResourceName('exposure'),
  metric: byResourceName('metric'),
  result: byResult,
  source_status: bySourceStatus,
  version: byVersion,
  semantic_model: byResourceName('semantic_model'),
  saved_query: byResourceName('saved_query'),
  unit_test: byResourceName('unit_test'),
}
