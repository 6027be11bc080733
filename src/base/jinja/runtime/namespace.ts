import { Dict } from '../python/dict.ts'
import { pairs } from '../python/dict-methods.ts'
import { ATTRIBUTE, type Call, REPR, TYPE_NAME } from '../python/protocol.ts'
import { PythonError } from '../python/python-error.ts'
import { repr } from '../python/text.ts'

/** Jinja's `namespace(…)`: an object whose members `{% set ns.x = … %}` can change from inside a loop. */
export class Namespace {
  readonly members: Dict

  constructor({ args, kwargs }: Pick<Call, 'args' | 'kwargs'>) {
    this.members = new Dict(args.flatMap((source) => pairs(source)))
    for (const key of Object.keys(kwargs)) this.members.set(key, kwargs[key])
  }

  [ATTRIBUTE](name: string): unknown {
    return this.members.get(name)
  }

  [REPR](): string {
    return `<Namespace ${repr(this.members)}>`
  }

  get [TYPE_NAME](): string {
    return 'jinja2.utils.Namespace'
  }
}

/** `{% set value.name = … %}`. @throws PythonError when the value is no namespace. */
export function setMember(value: unknown, name: string, to: unknown): void {
  if (!(value instanceof Namespace)) {
    throw new PythonError('TemplateRuntimeError', 'cannot assign attribute on non-namespace object')
  }
  value.members.set(name, to)
}
