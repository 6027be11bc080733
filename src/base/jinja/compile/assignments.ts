import type { Expression, Target } from '../syntax/nodes.ts'
import { expressionCode } from './expressions.ts'
import type { Generator } from './generate.ts'
import { type FunctionWriter, Scope } from './scope.ts'
import { targetNames } from './walk.ts'

/** Writes the assignment of the value that `code` stands for. */
export function assign(to: Generator, target: Target, code: string, scope: Scope, writer: FunctionWriter): void {
  switch (target.kind) {
    case 'name':
      assignName(target.name, code, scope, writer, target.at)
      return
    case 'member': {
      const name: Expression = { kind: 'name', name: target.name, at: target.at }
      const of = expressionCode(name, to.place(scope, writer))
      writer.emit(`h.setMember(${of},${JSON.stringify(target.attribute)},${code},p=${target.at});`)
      return
    }
    case 'tuple': {
      const all = to.fresh()
      writer.emit(`const ${all}=h.unpack(${code},${target.items.length},p=${target.at});`)
      target.items.forEach((item, index) => {
        assign(to, item, `${all}[${index}]`, scope, writer)
      })
    }
  }
}

/** Assigns to a name; at the top level of a template the context has it too, to export it. */
export function assignName(
  name: string,
  code: string,
  scope: Scope,
  writer: FunctionWriter,
  at: number,
  exported = true,
): void {
  const variable = scope.find(name)?.variable
  const top = writer.root && scope.parent !== undefined && scope.parent.parent === undefined
  writer.emit(`p=${at};${variable}=${code};`)
  if (top) writer.emit(`c.set(${JSON.stringify(name)},${variable},${exported});`)
}

/** Binds a loop's target to a value; answers the scope that holds its names. */
export function bindTarget(to: Generator, target: Target, value: string, outer: Scope, writer: FunctionWriter): Scope {
  const scope = new Scope(outer)
  for (const name of targetNames(target)) {
    const variable = to.fresh()
    writer.emit(`let ${variable};`)
    scope.declare(name, variable, true)
  }
  const write = (part: Target, code: string): void => {
    if (part.kind === 'name') writer.emit(`${scope.find(part.name)?.variable}=${code};`)
    else if (part.kind === 'member') assign(to, part, code, scope, writer)
    else {
      const all = to.fresh()
      writer.emit(`const ${all}=h.unpack(${code},${part.items.length},p=${part.at});`)
      part.items.forEach((item, index) => {
        write(item, `${all}[${index}]`)
      })
    }
  }
  write(target, value)
  return scope
}
