import { ATTRIBUTE, CONTAINS, ITEM, MAPPING, native, TYPE_NAME } from '../../../base/jinja/index.ts'
import type { Namespace } from './macro-library.ts'

/** `context` of templates: every name they see, as a dict that is read. */
export class ContextView {
  /** What templates are rendered with. */
  readonly names: Namespace

  constructor(names: Namespace) {
    this.names = names
  }

  #keys(): string[] {
    const keys: string[] = []
    // Names of the project's macros stand on the prototype.
    for (const name in this.names) keys.push(name)
    return keys
  }

  [ITEM](key: unknown): unknown {
    return typeof key === 'string' && this[CONTAINS](key) ? this.names[key] : undefined
  }
  [ATTRIBUTE](name: string): unknown {
    switch (name) {
      case 'get':
        return native('get', ({ args: [key, otherwise = null] }) => this[ITEM](key) ?? otherwise)
      case 'keys':
        return () => this.#keys()
      case 'values':
        return () => this.#keys().map((key) => this.names[key])
      case 'items':
        return () => this.#keys().map((key) => [key, this.names[key]])
      default:
        return this[ITEM](name)
    }
  }
  [CONTAINS](key: unknown): boolean {
    return typeof key === 'string' && key in this.names && !(key in Object.prototype)
  }
  get [MAPPING](): boolean {
    return true
  }
  get [TYPE_NAME](): string {
    return 'dict'
  }
}
