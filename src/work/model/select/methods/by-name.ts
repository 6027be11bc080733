import { isGlob, matchesGlob } from '../glob.ts'
import type { Selectable } from '../selectable.ts'
import { refused, type SelectionMethodOf, textOf } from './selection-method.ts'

/** A name, a dotted path from the package or from below it, or a pattern of either. */
export const byFqn: SelectionMethodOf = (criterion) => {
  const value = textOf(criterion)
  return (node) =>
    node.resource_type !== 'source' &&
    (matchesFqn(node.fqn, value, isVersioned(node)) || matchesFqn(node.fqn.slice(1), value, isVersioned(node)))
}

function isVersioned({ resource_type, version }: Selectable): boolean {
  return resource_type === 'model' && version !== null && version !== undefined
}

function matchesFqn(fqn: readonly string[], value: string, versioned: boolean): boolean {
  const wanted = value.split('.')
  const leaf = (versioned ? fqn.at(-2) : fqn.at(-1)) ?? ''
  if (leaf === value) return true
  // A version may be written as `orders.v2` or as `orders_v2`.
  if (versioned && fqn.slice(-2).join('_') === wanted.slice(-2).join('_')) return true
  const flat = fqn.flatMap((part) => part.split('.'))
  if (flat.length < wanted.length) return false
  const wild = wanted.findIndex(isGlob)
  const fixed = wild < 0 ? wanted : wanted.slice(0, wild)
  if (!fixed.every((part, index) => flat[index] === part)) return false
  if (wild < 0) return true
  if (matchesGlob(flat.slice(wild).join('.'), wanted.slice(wild).join('.'))) return true
  return wanted.length === 1 && matchesGlob(leaf, value)
}

/** `source:raw`, `source:raw.orders`, `source:shop.raw.orders`; each part may be a pattern. */
export const bySource: SelectionMethodOf = (criterion) => {
  const parts = textOf(criterion).split('.')
  if (parts.length > 3)
    throw refused(
      criterion,
      'a source has three parts at most',
      'Write source:SOURCE, source:SOURCE.TABLE or source:PACKAGE.SOURCE.TABLE.',
    )
  const [owner = '*', source = '*', table = '*'] = parts.length === 3 ? parts : ['*', ...parts]
  return (node) =>
    node.resource_type === 'source' &&
    matchesGlob(node.package_name, owner) &&
    matchesGlob(node.source_name ?? '', source) &&
    matchesGlob(node.name, table)
}

/** Exposures, metrics and their like: a name, or a package and a name. */
export function byResourceName(type: string): SelectionMethodOf {
  return (criterion) => {
    const parts = textOf(criterion).split('.')
    if (parts.length > 2)
      throw refused(criterion, 'a name has two parts at most', `Write ${type}:NAME or ${type}:PACKAGE.NAME.`)
    const [owner = '*', name = '*'] = parts.length === 2 ? parts : ['*', ...parts]
    return (node) =>
      node.resource_type === type && matchesGlob(node.package_name, owner) && matchesGlob(node.name, name)
  }
}

/** `package:` with the package's name, a pattern, or `this`. */
export const byPackage: SelectionMethodOf = (criterion, graph) => {
  const value = textOf(criterion)
  return (node) => matchesGlob(node.package_name, value === 'this' ? graph.project : value)
}
