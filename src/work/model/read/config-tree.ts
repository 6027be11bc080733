/** A mapping as YAML gives it. */
export type Tree = Readonly<Record<string, unknown>>

const MERGED = new Set(['meta', 'docs'])
const APPENDED = new Set(['tags', 'pre-hook', 'post-hook', 'packages'])
const RENAMED: Record<string, string> = { pre_hook: 'pre-hook', post_hook: 'post-hook' }

/** Whether a value is a mapping. */
export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

/**
 * The configurations that a section of dbt_project.yml (`models:`, `seeds:` …) holds for a node, outermost
 * first. A key with `+` is a setting; one without is a setting unless it holds a mapping, which is a folder.
 */
export function configsFor(section: Tree | undefined, fqn: readonly string[]): Tree[] {
  const found: Tree[] = []
  let level: unknown = section
  for (const part of ['', ...fqn]) {
    if (part !== '') level = isTree(level) ? level[part] : undefined
    if (!isTree(level)) break
    const settings: Record<string, unknown> = {}
    for (const [key, value] of Object.entries(level)) {
      if (key.startsWith('+')) settings[key.slice(1).trim()] = value
      else if (!isTree(value)) settings[key] = value
    }
    found.push(settings)
  }
  return found
}

/**
 * Lays one configuration over another the way dbt does: tags, hooks and packages add up, `meta` and `docs`
 * merge by key, and so do `grants`, where `+select` adds to the grantees of `select`; everything else replaces.
 */
export function overlay(under: Tree, over: Tree): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...under }
  for (const [written, value] of Object.entries(over)) {
    const key = RENAMED[written] ?? written
    if (APPENDED.has(key)) {
      const all = [...listed(merged[key]), ...listed(value)]
      merged[key] = key === 'tags' ? [...new Set(all)] : all
    } else if (MERGED.has(key) && isTree(value)) {
      merged[key] = { ...(isTree(merged[key]) ? merged[key] : {}), ...value }
    } else if (key === 'grants' && isTree(value)) {
      merged[key] = overlayGrants(isTree(merged[key]) ? merged[key] : {}, value)
    } else {
      merged[key] = value
    }
  }
  return merged
}

/** What is only added stays marked by its `+`, for it may still be laid over more. */
function overlayGrants(under: Tree, over: Tree): Tree {
  const merged: Record<string, unknown> = { ...under }
  for (const [key, value] of Object.entries(over)) {
    if (key.startsWith('+')) {
      const onto = merged[key.slice(1)] === undefined ? key : key.slice(1)
      merged[onto] = [...listed(merged[onto]), ...listed(value)]
    } else {
      merged[key] = listed(value)
      delete merged[`+${key}`]
    }
  }
  return merged
}

/** Grants when nothing more is laid over them. */
export function finalGrants(grants: Tree): Tree {
  return Object.fromEntries(Object.entries(grants).map(([key, value]) => [key.replace(/^\+/, ''), listed(value)]))
}

/** A setting that may be one value or a list, as a list. */
export function listed(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}
