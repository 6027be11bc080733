import type { ForNode, Statement } from '../syntax/nodes.ts'
import { syntaxError } from '../syntax/source.ts'
import { bindTarget } from './assignments.ts'
import { awaited, expressionCode } from './expressions.ts'
import type { Generator } from './generate.ts'
import { made } from './output.ts'
import { FunctionWriter, type Scope } from './scope.ts'
import { bindsBelow, reads, targetNames, walk } from './walk.ts'

/** Writes a `for` block; a recursive one as a function that `loop(…)` calls again. */
export function writeFor(to: Generator, node: ForNode, scope: Scope, writer: FunctionWriter): void {
  if (bindsBelow([node], 'loop')) throw syntaxError(to.source, node.at, "'loop' cannot be assigned to in a loop")
  const over = expressionCode(node.over, to.place(scope, writer))
  if (!node.recursive) {
    writeLoop(to, node, `h.iterate(${over},p=${node.over.at})`, '0', 'null', scope, writer)
    return
  }
  const again = to.fresh()
  const inner = new FunctionWriter(false, () => to.fresh())
  inner.emit('try{')
  writeLoop(to, node, 'h.iterate(items)', 'depth', again, scope, inner)
  inner.emit(`return ${made('o', to.escaping)};}catch(e){throw h.fail(e,T,p)}`)
  writer.emit(`const ${again}=${to.keyword}(items,depth)=>{${inner.finish()}};`)
  writer.emit(`p=${node.at};${writer.out}+=${awaited(`${again}(${over},0)`, to.place(scope, writer))};`)
}

function writeLoop(
  to: Generator,
  node: ForNode,
  over: string,
  depth: string,
  again: string,
  scope: Scope,
  writer: FunctionWriter,
): void {
  let items = to.fresh()
  writer.emit(`p=${node.at};let ${items}=${over};`)
  if (node.test) {
    const kept = to.fresh()
    const value = to.fresh()
    writer.emit(`const ${kept}=[];for(const ${value} of ${items}){`)
    const inner = bindTarget(to, node.target, value, scope, writer)
    const test = expressionCode(node.test, to.place(inner, writer))
    writer.emit(`if(h.truth(${test}))${kept}.push(${value});}`)
    items = kept
  }
  const entered = to.fresh()
  const needsLoop = again !== 'null' || usesLoop(node.body)
  const loop = to.fresh()
  if (node.otherwise.length > 0) writer.emit(`let ${entered}=false;`)
  if (needsLoop) writer.emit(`const ${loop}=new h.LoopContext(c,${items},${depth},${again});`)
  const value = to.fresh()
  writer.emit(`for(const ${value} of ${items}){`)
  if (needsLoop) writer.emit(`${loop}.index0+=1;`)
  const inner = bindTarget(to, node.target, value, scope, writer)
  if (needsLoop) inner.declare('loop', loop, true)
  writer.loops += 1
  const bound = [...targetNames(node.target), ...(needsLoop ? ['loop'] : [])]
  to.scoped(
    node.body,
    inner,
    writer,
    bound.map((name) => [name, inner.find(name)?.variable ?? loop] as const),
  )
  writer.loops -= 1
  // At the end, as jinja2 has it: a loop left by break in its first round goes on with its else.
  writer.emit(node.otherwise.length > 0 ? `${entered}=true;}` : '}')
  if (node.otherwise.length > 0) {
    writer.emit(`if(!${entered}){`)
    to.scoped(node.otherwise, scope, writer, [])
    writer.emit('}')
  }
}

function usesLoop(body: readonly Statement[]): boolean {
  if (reads(body, 'loop')) return true
  let found = false
  walk(body, (node) => {
    if (node.kind === 'block' && node.scoped) found = true
    return !found
  })
  return found
}
