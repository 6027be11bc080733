import { bind } from '../python/arguments.ts'
import { mappingEntries } from '../python/dict.ts'
import { needMapping } from '../python/dict-methods.ts'
import { unmarked } from '../python/markup.ts'
import { CALL, type Caller, KEEPS, type Kwargs, PARAMS, protocolOf } from '../python/protocol.ts'
import { PythonError, typeError } from '../python/python-error.ts'
import { typeName } from '../python/text.ts'
import { Undefined } from '../python/undefined.ts'

const NONE: Kwargs = Object.freeze(Object.create(null))

/**
 * Calls a template value. JavaScript's `undefined` comes back as `None`; a promise comes back as it is while
 * rendering asynchronously. @throws PythonError when the value cannot be called or refuses the arguments.
 */
export function call(caller: Caller, value: unknown, args: readonly unknown[], kwargs: Kwargs | undefined): unknown {
  const result = invoke(caller, value, args, kwargs)
  if (result === undefined) return null
  if (!caller.async) refusePromise(result, value)
  return result
}

function invoke(caller: Caller, value: unknown, args: readonly unknown[], kwargs: Kwargs | undefined): unknown {
  const own = protocolOf(value)
  if (own?.[CALL]) {
    if (typeof value !== 'function' || own[KEEPS]) return own[CALL]({ args, kwargs: kwargs ?? NONE, caller })
    return own[CALL]({ args: args.map(unmarked), kwargs: kwargs ? unmarkedKeywords(kwargs) : NONE, caller })
  }
  if (typeof value === 'function') return value(...plain(value, args, kwargs))
  if (value instanceof Undefined) {
    if (value.lenient) return value
    throw value.error()
  }
  throw typeError(`'${typeName(value)}' object is not callable`)
}

function unmarkedKeywords(kwargs: Kwargs): Kwargs {
  const all: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(kwargs)) all[key] = unmarked(kwargs[key])
  return all
}

/** The arguments for a JavaScript function: keywords only where `params` named its parameters. */
export function plain(value: object, given: readonly unknown[], named: Kwargs | undefined): readonly unknown[] {
  const keeps = protocolOf(value)?.[KEEPS] === true
  const args = keeps ? given : given.map(unmarked)
  const kwargs = keeps || !named ? named : unmarkedKeywords(named)
  const names = protocolOf(value)?.[PARAMS]
  const name = (value as { name?: string }).name?.replace(/^bound /, '') || 'function'
  if (names) return bind(name, names, args, kwargs)
  const [keyword] = kwargs ? Object.keys(kwargs) : []
  if (keyword !== undefined) throw typeError(`${name}() takes no keyword argument '${keyword}'`)
  return args
}

/** @throws PythonError when a promise turns up where nothing can wait for it. */
export function refusePromise(result: unknown, value: unknown): void {
  if (!(result instanceof Promise)) return
  // The promise is dropped: without this its failure would end the process.
  result.catch(() => {})
  const name = (value as { name?: string }).name || 'a function'
  throw new PythonError('TemplateRuntimeError', `${name}() answers later, which needs renderAsync instead of render`)
}

/** Keywords with those of `**more` added. */
export function merge(kwargs: Kwargs | undefined, more: unknown): Kwargs {
  const all: Record<string, unknown> = Object.assign(Object.create(null), kwargs)
  for (const [key, value] of mappingEntries(needMapping(more, 'argument after **'))) {
    if (typeof key !== 'string') throw typeError('keywords must be strings')
    if (key in all) throw typeError(`got multiple values for keyword argument '${key}'`)
    all[key] = value
  }
  return all
}
