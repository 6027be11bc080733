import type { Kwargs } from './protocol.ts'
import { typeError } from './python-error.ts'

/**
 * Binds the arguments of one call to parameter names, in their order; what was not passed is `undefined`.
 * @throws PythonError `TypeError` for too many arguments, an unknown keyword or a parameter given twice.
 */
export function bind(
  name: string,
  names: readonly string[],
  args: readonly unknown[],
  kwargs: Kwargs | undefined,
): unknown[] {
  if (args.length > names.length) {
    throw typeError(`${name}() takes at most ${names.length} arguments (${args.length} given)`)
  }
  if (kwargs === undefined) return args as unknown[]
  const bound = [...args]
  for (const key of Object.keys(kwargs)) {
    const index = names.indexOf(key)
    if (index < 0) throw typeError(`${name}() got an unexpected keyword argument '${key}'`)
    if (index < args.length) throw typeError(`${name}() got multiple values for argument '${key}'`)
    bound[index] = kwargs[key]
  }
  // Holes would be skipped by array methods.
  for (let index = 0; index < bound.length; index += 1) if (!(index in bound)) bound[index] = undefined
  return bound
}
