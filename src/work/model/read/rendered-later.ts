/**
 * Whether a text of a properties file is left as it is when the file is read: tests and their arguments, descriptions
 * and hooks are rendered when they are used, and filters of metrics by the semantic layer. `path` begins below the
 * entry of a section, such as `['columns', 0, 'description']` of one of `models`. The rules are those of dbt's
 * SchemaYamlRenderer.
 */
export function renderedLater(section: string, path: readonly PropertyKey[]): boolean {
  switch (section) {
    case 'sources':
      if (LATER_OF_SOURCE.has(path[0]) || isHookOrQuery(path)) return true
      return path[0] === 'tables' && isLater(path.slice(2))
    case 'macros':
      return isLater(path[0] === 'arguments' ? path.slice(1) : path)
    case 'metrics':
      return isFilter(path) || isLater(path)
    case 'saved_queries':
      return (path[0] === 'query_params' && path[1] === 'where') || isLater(path)
    default:
      return (path[0] === 'metrics' && isFilter(path)) || isLater(path)
  }
}

const TESTS = new Set<PropertyKey | undefined>(['tests', 'data_tests'])
const LATER = new Set<PropertyKey | undefined>([...TESTS, 'description', 'loaded_at_query'])
const LATER_OF_SOURCE = new Set<PropertyKey | undefined>(['description', 'loaded_at_query'])
/** Lists whose members are described and tested one by one. */
const MEMBERS = new Set<PropertyKey | undefined>(['columns', 'dimensions', 'measures', 'entities', 'metrics'])

function isLater(path: readonly PropertyKey[]): boolean {
  const member = (key: PropertyKey | undefined) => TESTS.has(key) || key === 'description'
  return (
    LATER.has(path[0]) ||
    isHookOrQuery(path) ||
    (path.length === 2 && LATER.has(path[1])) ||
    (path.length === 5 && path[4] === 'description') ||
    (path[0] === 'versions' && (member(path[2]) || (path[2] === 'columns' && member(path[4])))) ||
    (MEMBERS.has(path[0]) && member(path[2])) ||
    (path[0] === 'derived_semantics' && (path[1] === 'dimensions' || path[1] === 'entities') && member(path[3]))
  )
}

function isHookOrQuery([first, second]: readonly PropertyKey[]): boolean {
  return first === 'config' && (second === 'loaded_at_query' || /^(pre|post)[-_]hook$/.test(String(second)))
}

/** A filter may be one text or a list of them. */
function isFilter(path: readonly PropertyKey[]): boolean {
  return path.at(-1) === 'filter' || path.at(-2) === 'filter'
}
