import { native, params } from '../../../base/jinja/index.ts'
import { type ErrorCode, MillraceError } from '../../../base/kernel/index.ts'
import { contractMismatches, contractText, type TypedColumn } from '../contract/contract-mismatch.ts'
import { pythonStr } from '../python-text.ts'
import { isTree, listed } from '../read/config-tree.ts'
import { plainData } from './plain-data.ts'

/** What `exceptions` of a template reports for. */
export interface ExceptionPlace {
  readonly name: string
  readonly file: string
  readonly warn: (name: 'JinjaLogWarning' | 'SnapshotTimestampWarning', message: string) => void
}

/** `exceptions` of dbt's templates: functions that end the rendering, and `warn`. */
export function exceptionsObject(place: ExceptionPlace): Record<string, unknown> {
  const raise = (message: string, code: ErrorCode = 'MODEL_INVALID'): never => {
    throw new MillraceError(code, message.trim(), { at: { file: place.file } })
  }
  const text = (value: unknown): string => pythonStr(plainData(value))
  const raising = (code?: ErrorCode): unknown =>
    params((message: unknown) => raise(text(message), code), ['msg', 'node'])
  const about = (names: readonly string[], sentence: (...values: string[]) => string): unknown =>
    params((...values: unknown[]) => raise(sentence(...values.map(text))), names)
  return {
    raise_compiler_error: raising(),
    raise_parsing_error: raising(),
    raise_not_implemented: raising(),
    raise_database_error: raising('MODEL_FAILED'),
    raise_dependency_error: raising(),
    raise_fail_fast_error: raising('MODEL_FAILED'),
    raise_cache_inconsistent: raising('INTERNAL'),
    raise_invalid_property_yml_version: about(
      ['path', 'issue'],
      (path, issue) => `the yml property file at ${path} is invalid: ${issue}`,
    ),
    raise_dep_not_found: about(
      ['node', 'node_description', 'required_pkg'],
      (_node, what, wanted) => `${what} needs ${wanted}, which was not found`,
    ),
    raise_duplicate_patch_name: about(
      ['patch_1', 'existing_patch_path'],
      (patch, existing) => `${patch} is described twice, in ${existing} too`,
    ),
    raise_duplicate_resource_name: about(
      ['node_1', 'node_2'],
      (one, other) => `two resources have one name: ${one} and ${other}`,
    ),
    raise_ambiguous_alias: about(
      ['node_1', 'node_2', 'duped_name'],
      (one, other, name) => `${one} and ${other} would both be the relation ${name ?? ''}`,
    ),
    raise_ambiguous_catalog_match: about(
      ['unique_id', 'match_1', 'match_2'],
      (id) => `two relations of the catalog are ${id}`,
    ),
    raise_contract_error: native('raise_contract_error', ({ args }) =>
      raise(contractMessage(plainData(args[0]), plainData(args[1]))),
    ),
    column_type_missing: about(
      ['column_names'],
      (names) => `contracted models need a data_type for every column: ${names}`,
    ),
    missing_config: native('missing_config', ({ args }) => raise(`${place.name} lacks the setting "${text(args[1])}"`)),
    missing_materialization: native('missing_materialization', ({ args }) =>
      raise(`${place.name} names a materialization that ${text(args[1])} lacks`),
    ),
    missing_relation: native('missing_relation', ({ args }) => raise(`the relation ${String(args[0])} was not found`)),
    relation_wrong_type: native('relation_wrong_type', ({ args: [relation, expected] }) => {
      const found = (relation as { type?: unknown } | null)?.type ?? 'none'
      return raise(
        `trying to create ${text(expected)} ${String(relation)}, but it currently exists as a ${text(found)}. Either drop ${String(relation)} manually, or run dbt with \`--full-refresh\` and dbt will drop it for you.`,
      )
    }),
    warn: params(
      (message: unknown) => {
        place.warn('JinjaLogWarning', text(message))
        return ''
      },
      ['msg', 'node'],
    ),
    warn_snapshot_timestamp_data_types: params(
      (snapshotTime: unknown, updatedAt: unknown) => {
        place.warn(
          'SnapshotTimestampWarning',
          `the data type of the snapshot's timestamp (${text(snapshotTime)}) is not that of updated_at (${text(updatedAt)}); give them one type`,
        )
        return ''
      },
      ['snapshot_time_data_type', 'updated_at_data_type'],
    ),
  }
}

/** The columns on which a contract and a query differ, as `get_column_schema_from_query` answered them. */
function contractMessage(yaml: unknown, query: unknown): string {
  const columns = (given: unknown): TypedColumn[] =>
    listed(given)
      .filter(isTree)
      .map((column) => ({
        name: String(column['name']),
        type: String(column['data_type'] ?? column['formatted'] ?? ''),
      }))
  return contractText(contractMismatches(columns(yaml), columns(query)), columns(yaml))
}
