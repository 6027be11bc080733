import type { Environment } from './environment.ts'
import type { Variables } from './runtime/context.ts'
import type { Module } from './runtime/module.ts'
import type { Expression as Node } from './syntax/nodes.ts'
import type { Source } from './syntax/source.ts'
import { Template } from './template.ts'

const RESULT = 'result'

/** A compiled expression, such as `ref('a')` or `x > 3 and not y`: gives values, not text. */
export class Expression {
  readonly #template: Template

  /** Made by `Environment.expression`. */
  constructor(environment: Environment, source: Source, node: Node) {
    const target = { kind: 'name', name: RESULT, at: node.at } as const
    this.#template = new Template(environment, source, [{ kind: 'set', target, value: node, at: node.at }])
  }

  /** The value in Python's terms (`Undefined` included): see `toJavaScript`. @throws MillraceError `JINJA_*` */
  evaluate(variables: Variables = {}): unknown {
    return this.#value(this.#template.module(variables))
  }

  /** As `evaluate`, waiting for functions that answer promises. */
  async evaluateAsync(variables: Variables = {}): Promise<unknown> {
    return this.#value(await this.#template.moduleAsync(variables))
  }

  #value(module: Module): unknown {
    return module.exports.get(RESULT)
  }
}
