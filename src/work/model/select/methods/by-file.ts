import { matchesGlob } from '../glob.ts'
import type { Selectable } from '../selectable.ts'
import { type SelectionMethodOf, textOf } from './selection-method.ts'

/** `file:`: the name of the file with or without its ending. */
export const byFile: SelectionMethodOf = (criterion) => {
  const value = textOf(criterion)
  return (node) => {
    const name = node.original_file_path.split('/').at(-1) ?? ''
    return matchesGlob(name, value) || matchesGlob(name.replace(/(?<=.)\.[^.]*$/, ''), value)
  }
}

/**
 * `path:`: a file, a folder above it, or the properties file that describes the node. As in dbt the paths are those of
 * the root project; what lies in a package is meant when the same path exists there too.
 */
export const byPath: SelectionMethodOf = (criterion, graph) => {
  const matches = pathPattern(textOf(criterion))
  const meant = new Set<string>()
  for (const node of graph.members.values()) {
    if (node.package_name !== graph.project) continue
    for (const path of pathsOf(node)) if (matches(path)) meant.add(path)
  }
  return (node) => pathsOf(node).some((path) => meant.has(path))
}

/** A node's file, the folders above it up to the root, and its properties file. */
function pathsOf(node: Selectable): string[] {
  const parts = node.original_file_path.split('/')
  const above = parts.map((_, index) => parts.slice(0, index).join('/'))
  const patch = node.patch_path?.split('://')[1]
  return [...above, node.original_file_path, ...(patch === undefined ? [] : [patch])]
}

/** A path as Python's `Path.glob` reads it: `*` stays inside a folder, `**` stands for any number of folders. */
function pathPattern(written: string): (path: string) => boolean {
  const parts = written.split('/').filter((part) => part !== '' && part !== '.')
  return (path) => matchesParts(parts, path === '' ? [] : path.split('/'))
}

function matchesParts(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return path.length === 0
  if (first === '**') {
    for (let taken = 0; taken <= path.length; taken += 1) if (matchesParts(rest, path.slice(taken))) return true
    return false
  }
  const [name, ...below] = path
  return name !== undefined && matchesGlob(name, first) && matchesParts(rest, below)
}
