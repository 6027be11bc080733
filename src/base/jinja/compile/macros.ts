import type { MacroNode, Statement } from '../syntax/nodes.ts'
import { syntaxError } from '../syntax/source.ts'
import { awaited, expressionCode } from './expressions.ts'
import type { Generator } from './generate.ts'
import { FunctionWriter, Scope } from './scope.ts'
import { reads } from './walk.ts'

/** Code for the value of a macro, or of the body of a call block. */
export function macroCode(to: Generator, node: MacroNode, outer: Scope): string {
  const writer = new FunctionWriter(false, () => to.fresh())
  const names = node.parameters.map(({ name }) => name)
  const defaults = node.parameters.flatMap(({ otherwise }) => (otherwise ? [otherwise] : []))
  const uses = (name: string): boolean => !names.includes(name) && reads([...node.body, ...defaults], name)
  const special = ['caller', 'kwargs', 'varargs'].filter(uses)
  const variables = [...names, ...special].map((name) => [name, to.fresh()] as const)
  const bare = node.parameters.find(({ name, otherwise }) => name === 'caller' && !otherwise)
  if (bare && reads(node.body, 'caller')) {
    throw syntaxError(to.source, node.at, "the special parameter 'caller' must be left out or have a default")
  }
  const scope = new Scope(outer)
  for (const [name, variable] of variables) scope.declare(name, variable, true)
  writer.emit('try{')
  node.parameters.forEach(({ name, otherwise }) => {
    const variable = scope.find(name)?.variable
    const value = otherwise
      ? expressionCode(otherwise, to.place(scope, writer))
      : `h.noArgument(${JSON.stringify(name)})`
    writer.emit(`if(${variable}===undefined)${variable}=${value};`)
  })
  to.scoped(node.body, scope, writer, variables)
  const name = JSON.stringify(node.name)
  const caught = node.tag === 'call' ? '' : 'if(e instanceof h.MacroReturn)return e.value;'
  writer.emit(`return o;}catch(e){${caught}throw h.fail(e,T,p,${name})}`)
  const list = variables.map(([, variable]) => variable).join(',')
  const flags = JSON.stringify(special)
  return `new h.Macro(${name},${JSON.stringify(names)},${flags},${to.keyword}(${list})=>{${writer.finish()}})`
}

/** Writes a block: a function of the context, called where it stands unless a template that extends this has its own. */
export function writeBlock(
  to: Generator,
  node: Extract<Statement, { kind: 'block' }>,
  scope: Scope,
  writer: FunctionWriter,
): void {
  if (to.blocks.has(node.name)) throw syntaxError(to.source, node.at, `the block '${node.name}' is defined twice`)
  to.blocks.set(node.name, '')
  const inner = new FunctionWriter(false, () => to.fresh())
  const bound: [string, string][] = []
  for (const name of ['super', 'self']) {
    if (!reads(node.body, name)) continue
    const variable = to.fresh()
    const code = name === 'super' ? `c.superOf(${JSON.stringify(node.name)},depth)` : 'c.self()'
    inner.emit(`const ${variable}=${code};`)
    bound.push([name, variable])
  }
  inner.emit('try{')
  to.escapingAs(to.outermostEscaping, () => to.scoped(node.body, new Scope(undefined), inner, bound))
  inner.emit('return o;}catch(e){throw h.fail(e,T,p)}')
  to.blocks.set(node.name, `${to.keyword}function(c,depth){\n${inner.finish()}\n}`)
  const locals = node.scoped ? to.locals(scope) : 'null'
  const code = awaited(`c.block(${JSON.stringify(node.name)},${locals},${node.required})`, to.place(scope, writer))
  writer.emit(`p=${node.at};${writer.out}+=${code};`)
}
