import type { ForNode, MacroNode, Parameter, Statement, Target } from '../syntax/nodes.ts'
import { type Source, syntaxError } from '../syntax/source.ts'
import { argumentsCode, awaited, expressionCode, type Place } from './expressions.ts'
import { FunctionWriter, Scope } from './scope.ts'
import { assignedNames, reads, readsFirst, targetNames, walk } from './walk.ts'

/** Generated code, and the constants that it refers to as `k`. */
export interface Generated {
  readonly code: string
  readonly constants: readonly unknown[]
}

/**
 * JavaScript for a template: the body of a function of `h` (helpers), `T` (the template) and `k` (constants) that
 * answers `{ root(c), blocks: { name(c, depth) } }`. Jinja's scopes become JavaScript scopes; a name that no scope
 * binds is looked up in the context `c`.
 */
export function generate(source: Source, body: readonly Statement[], async: boolean, check: Check): Generated {
  return new Generator(source, async, check).template(body)
}

/** Throws for a filter or test that there is not. */
export type Check = Place['check']

class Generator {
  readonly #source: Source
  readonly #async: boolean
  readonly #check: Check
  /** Whether the code stands in a branch of an if, directly: names of filters and tests are checked later there. */
  #soft = false
  readonly #constants: unknown[] = []
  readonly #blocks: string[] = []
  #count = 0

  constructor(source: Source, async: boolean, check: Check) {
    this.#check = check
    this.#source = source
    this.#async = async
  }

  template(body: readonly Statement[]): Generated {
    const writer = new FunctionWriter(true, () => this.#fresh())
    const extending = body.some((statement) => statement.kind === 'extends') || this.#extendsDeeper(body)
    writer.emit('try{')
    writer.emit('c.begin(T,B);')
    if (extending) writer.emit('let P=null;')
    if (reads(body, 'self')) writer.emit('const self=c.self();')
    this.#scoped(body, new Scope(undefined), writer, reads(body, 'self') ? [['self', 'self']] : [], extending)
    if (extending)
      writer.emit(`if(P!==null)return o+${awaited('c.parent(P)', this.#place(new Scope(undefined), writer))};`)
    writer.emit('return o;')
    writer.emit('}catch(e){throw h.fail(e,T,p)}')
    const code = [
      `const B={${this.#blocks.join(',\n')}};`,
      `return{blocks:B,root:${this.#keyword()}function(c){\n${writer.finish()}\n}};`,
    ].join('\n')
    return { code, constants: this.#constants }
  }

  #extendsDeeper(body: readonly Statement[]): boolean {
    let found = false
    walk(body, (node) => {
      if (node.kind === 'extends') found = true
      return !found && node.kind !== 'macro'
    })
    return found
  }

  #keyword(): string {
    return this.#async ? 'async ' : ''
  }

  #fresh(): string {
    this.#count += 1
    return `v${this.#count}`
  }

  #place(scope: Scope, writer: FunctionWriter, soft = this.#soft): Place {
    return {
      check: soft ? () => undefined : this.#check,
      softly: () => this.#place(scope, writer, true),
      scope,
      writer,
      async: this.#async,
      constant: (value) => `k[${this.#constants.push(value) - 1}]`,
    }
  }

  /** Writes statements in a scope of their own; names bound in it start as what they are outside. */
  #scoped(
    body: readonly Statement[],
    outer: Scope,
    writer: FunctionWriter,
    bound: readonly (readonly [name: string, variable: string])[],
    guarded = false,
  ): void {
    const scope = new Scope(outer)
    for (const [name, variable] of bound) scope.declare(name, variable, true)
    for (const name of assignedNames(body)) {
      const given = bound.find(([known]) => known === name)
      if (given) continue
      const variable = this.#fresh()
      const outside = outer.find(name)
      const looked = readsFirst(body, name) ? `c.lookup(${JSON.stringify(name)})` : 'undefined'
      writer.emit(`let ${variable}=${outside ? outside.variable : looked};`)
      scope.declare(name, variable, false)
    }
    const soft = this.#soft
    this.#soft = false
    this.#statements(body, scope, writer, guarded)
    this.#soft = soft
  }

  #statements(body: readonly Statement[], scope: Scope, writer: FunctionWriter, guarded: boolean): void {
    for (const statement of body) {
      const prints = statement.kind === 'text' || statement.kind === 'output' || statement.kind === 'block'
      if (guarded && prints) writer.emit('if(P===null){')
      this.#statement(statement, scope, writer, guarded)
      if (guarded && prints) writer.emit('}')
    }
  }

  #statement(node: Statement, scope: Scope, writer: FunctionWriter, guarded: boolean): void {
    const place = this.#place(scope, writer)
    const out = writer.out
    switch (node.kind) {
      case 'text':
        writer.emit(`${out}+=${JSON.stringify(node.text)};`)
        return
      case 'output':
        writer.emit(`p=${node.at};${out}+=h.str(${expressionCode(node.value, place)});`)
        return
      case 'do':
        writer.emit(`p=${node.at};${expressionCode(node.value, place)};`)
        return
      case 'set':
        writer.emit(`p=${node.at};`)
        this.#assign(node.target, expressionCode(node.value, place), scope, writer)
        return
      case 'set-block': {
        const text = this.#buffered(node.body, scope, writer)
        const value = node.filter ? this.#filtered(node.filter, text, place) : text
        this.#assign(node.target, value, scope, writer)
        return
      }
      case 'filter-block': {
        const text = this.#buffered(node.body, scope, writer)
        writer.emit(`p=${node.at};${out}+=h.textOf(${this.#filtered(node.filter, text, place)});`)
        return
      }
      case 'if':
        this.#if(node, scope, writer, guarded)
        return
      case 'for':
        this.#for(node, scope, writer)
        return
      case 'break':
      case 'continue':
        if (writer.loops === 0) throw syntaxError(this.#source, node.at, `'${node.kind}' stands outside a loop`)
        writer.emit(`${node.kind};`)
        return
      case 'with': {
        const bound = node.assignments.flatMap(({ target, value }) => {
          const variable = this.#fresh()
          return targetNames(target).map((name) => [name, variable, expressionCode(value, place)] as const)
        })
        writer.emit('{')
        for (const [, variable, value] of bound) writer.emit(`let ${variable}=${value};`)
        const names = bound.map(([name, variable]) => [name, variable] as const)
        this.#scoped(node.body, scope, writer, names)
        writer.emit('}')
        return
      }
      case 'macro':
        this.#assignName(node.name, this.#macro(node, scope), scope, writer, node.at)
        return
      case 'call-block': {
        const caller = this.#macro(
          { kind: 'macro', name: '', parameters: node.parameters, body: node.body, tag: 'call', at: node.at },
          scope,
        )
        const { call } = node
        const given = argumentsCode(call.args, place, { caller })
        const code = awaited(`h.call(c,${expressionCode(call.of, place)},${given},p=${call.at})`, place)
        writer.emit(`p=${node.at};${out}+=h.str(${code});`)
        return
      }
      case 'block':
        this.#block(node, scope, writer)
        return
      case 'extends':
        writer.emit(`p=${node.at};P=c.load(${expressionCode(node.template, place)},T);`)
        return
      case 'include': {
        const given = `${expressionCode(node.template, place)},T,${node.withContext ? this.#locals(scope) : 'null'}`
        writer.emit(`p=${node.at};${out}+=${awaited(`c.include(${given},${node.ignoreMissing})`, place)};`)
        return
      }
      case 'import':
        this.#assignName(node.name, this.#module(node, place), scope, writer, node.at, false)
        return
      case 'from-import': {
        const module = this.#fresh()
        writer.emit(`p=${node.at};const ${module}=${this.#module(node, place)};`)
        for (const { name, as } of node.names) {
          this.#assignName(as, `${module}.member(${JSON.stringify(name)})`, scope, writer, node.at, false)
        }
        return
      }
    }
  }

  #if(node: Extract<Statement, { kind: 'if' }>, scope: Scope, writer: FunctionWriter, guarded: boolean): void {
    const soft = this.#soft
    this.#soft = true
    const place = this.#place(scope, writer)
    node.branches.forEach(({ test, body }, index) => {
      // An else with an if inside, so that each test can set its own place.
      writer.emit(`${index === 0 ? '' : '}else{'}p=${test.at};if(h.truth(${expressionCode(test, place)})){`)
      this.#statements(body, scope, writer, guarded)
    })
    if (node.otherwise.length > 0) {
      writer.emit('}else{')
      this.#statements(node.otherwise, scope, writer, guarded)
    }
    writer.emit('}'.repeat(node.branches.length))
    this.#soft = soft
  }

  #module(node: Extract<Statement, { kind: 'import' | 'from-import' }>, place: Place): string {
    const template = expressionCode(node.template, place)
    return awaited(`c.module(${template},T,${node.withContext ? this.#locals(place.scope) : 'null'})`, place)
  }

  #locals(scope: Scope): string {
    const names = [...scope.visible()].map(([name, variable]) => `[${JSON.stringify(name)}]:${variable}`)
    return `{__proto__:null,${names.join(',')}}`
  }

  /** Writes the body into a buffer of its own; answers the variable that holds its text. */
  #buffered(body: readonly Statement[], scope: Scope, writer: FunctionWriter): string {
    const buffer = this.#fresh()
    const { out } = writer
    writer.emit(`let ${buffer}='';{`)
    writer.out = buffer
    this.#scoped(body, scope, writer, [])
    writer.out = out
    writer.emit('}')
    return buffer
  }

  #filtered(filter: Parameters<typeof expressionCode>[0], text: string, place: Place): string {
    if (filter.kind !== 'filter') return text
    this.#check('filter', filter.name, filter.at)
    const of = filter.of ? this.#filtered(filter.of, text, place) : text
    return awaited(
      `c.filter(${JSON.stringify(filter.name)},${of},${argumentsCode(filter.args, place)},p=${filter.at})`,
      place,
    )
  }

  #assign(target: Target, value: string, scope: Scope, writer: FunctionWriter): void {
    switch (target.kind) {
      case 'name':
        this.#assignName(target.name, value, scope, writer, target.at)
        return
      case 'member': {
        const of = expressionCode({ kind: 'name', name: target.name, at: target.at }, this.#place(scope, writer))
        writer.emit(`h.setMember(${of},${JSON.stringify(target.attribute)},${value},p=${target.at});`)
        return
      }
      case 'tuple': {
        const all = this.#fresh()
        writer.emit(`const ${all}=h.unpack(${value},${target.items.length},p=${target.at});`)
        target.items.forEach((item, index) => {
          this.#assign(item, `${all}[${index}]`, scope, writer)
        })
      }
    }
  }

  #assignName(name: string, value: string, scope: Scope, writer: FunctionWriter, at: number, exported = true): void {
    const variable = scope.find(name)?.variable
    const top = writer.root && scope.parent !== undefined && scope.parent.parent === undefined
    writer.emit(`p=${at};${variable}=${value};`)
    if (top) writer.emit(`c.set(${JSON.stringify(name)},${variable},${exported});`)
  }

  #for(node: ForNode, scope: Scope, writer: FunctionWriter): void {
    const over = expressionCode(node.over, this.#place(scope, writer))
    if (!node.recursive) {
      this.#loop(node, `h.iterate(${over},p=${node.over.at})`, '0', 'null', scope, writer)
      return
    }
    const again = this.#fresh()
    const inner = new FunctionWriter(false, () => this.#fresh())
    inner.emit('try{')
    this.#loop(node, 'h.iterate(items)', 'depth', again, scope, inner)
    inner.emit('return o;}catch(e){throw h.fail(e,T,p)}')
    writer.emit(`const ${again}=${this.#keyword()}(items,depth)=>{${inner.finish()}};`)
    const code = awaited(`${again}(${over},0)`, this.#place(scope, writer))
    writer.emit(`p=${node.at};${writer.out}+=${code};`)
  }

  #loop(node: ForNode, over: string, depth: string, again: string, scope: Scope, writer: FunctionWriter): void {
    let items = this.#fresh()
    writer.emit(`p=${node.at};let ${items}=${over};`)
    if (node.test) {
      const kept = this.#fresh()
      const value = this.#fresh()
      writer.emit(`const ${kept}=[];for(const ${value} of ${items}){`)
      const inner = this.#bind(node.target, value, scope, writer)
      const test = expressionCode(node.test, this.#place(inner, writer))
      writer.emit(`if(h.truth(${test}))${kept}.push(${value});}`)
      items = kept
    }
    const entered = this.#fresh()
    const needsLoop = again !== 'null' || this.#needsLoop(node.body)
    const loop = this.#fresh()
    if (node.otherwise.length > 0) writer.emit(`let ${entered}=false;`)
    if (needsLoop) writer.emit(`const ${loop}=new h.LoopContext(c,${items},${depth},${again});`)
    const value = this.#fresh()
    writer.emit(`for(const ${value} of ${items}){`)
    if (needsLoop) writer.emit(`${loop}.index0+=1;`)
    const inner = this.#bind(node.target, value, scope, writer)
    if (needsLoop) inner.declare('loop', loop, true)
    writer.loops += 1
    const bound = [...targetNames(node.target), ...(needsLoop ? ['loop'] : [])]
    this.#scoped(
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
      this.#scoped(node.otherwise, scope, writer, [])
      writer.emit('}')
    }
  }

  /** Binds a loop's target to a value; answers the scope that holds its names. */
  #bind(target: Target, value: string, outer: Scope, writer: FunctionWriter): Scope {
    const scope = new Scope(outer)
    for (const name of targetNames(target)) {
      const variable = this.#fresh()
      writer.emit(`let ${variable};`)
      scope.declare(name, variable, true)
    }
    const write = (part: Target, code: string): void => {
      if (part.kind === 'name') writer.emit(`${scope.find(part.name)?.variable}=${code};`)
      else if (part.kind === 'member') this.#assign(part, code, scope, writer)
      else {
        const all = this.#fresh()
        writer.emit(`const ${all}=h.unpack(${code},${part.items.length},p=${part.at});`)
        part.items.forEach((item, index) => {
          write(item, `${all}[${index}]`)
        })
      }
    }
    write(target, value)
    return scope
  }

  #needsLoop(body: readonly Statement[]): boolean {
    if (reads(body, 'loop')) return true
    let found = false
    walk(body, (node) => {
      if (node.kind === 'block' && node.scoped) found = true
      return !found
    })
    return found
  }

  #macro(node: MacroNode, outer: Scope): string {
    const writer = new FunctionWriter(false, () => this.#fresh())
    const names = node.parameters.map(({ name }) => name)
    const uses = (name: string): boolean => !names.includes(name) && reads([...node.body, ...defaults(node)], name)
    const special = ['caller', 'kwargs', 'varargs'].filter(uses)
    const variables = [...names, ...special].map((name) => [name, this.#fresh()] as const)
    const scope = new Scope(outer)
    for (const [name, variable] of variables) scope.declare(name, variable, true)
    writer.emit('try{')
    node.parameters.forEach(({ name, otherwise }) => {
      const variable = scope.find(name)?.variable
      const value = otherwise
        ? expressionCode(otherwise, this.#place(scope, writer))
        : `h.noArgument(${JSON.stringify(name)})`
      writer.emit(`if(${variable}===undefined)${variable}=${value};`)
    })
    this.#scoped(node.body, scope, writer, variables)
    const name = JSON.stringify(node.name)
    const caught = node.tag === 'call' ? '' : 'if(e instanceof h.MacroReturn)return e.value;'
    writer.emit(`return o;}catch(e){${caught}throw h.fail(e,T,p,${name})}`)
    const list = variables.map(([, variable]) => variable).join(',')
    const flags = JSON.stringify(special)
    return `new h.Macro(${name},${JSON.stringify(names)},${flags},${this.#keyword()}(${list})=>{${writer.finish()}})`
  }

  #block(node: Extract<Statement, { kind: 'block' }>, scope: Scope, writer: FunctionWriter): void {
    const inner = new FunctionWriter(false, () => this.#fresh())
    const bound: [string, string][] = []
    for (const name of ['super', 'self']) {
      if (!reads(node.body, name)) continue
      const variable = this.#fresh()
      const code = name === 'super' ? `c.superOf(${JSON.stringify(node.name)},depth)` : 'c.self()'
      inner.emit(`const ${variable}=${code};`)
      bound.push([name, variable])
    }
    inner.emit('try{')
    this.#scoped(node.body, new Scope(undefined), inner, bound)
    inner.emit('return o;}catch(e){throw h.fail(e,T,p)}')
    this.#blocks.push(`${JSON.stringify(node.name)}:${this.#keyword()}function(c,depth){\n${inner.finish()}\n}`)
    const locals = node.scoped ? this.#locals(scope) : 'null'
    const code = awaited(`c.block(${JSON.stringify(node.name)},${locals},${node.required})`, this.#place(scope, writer))
    writer.emit(`p=${node.at};${writer.out}+=${code};`)
  }
}

function defaults(node: { parameters: readonly Parameter[] }) {
  return node.parameters.flatMap(({ otherwise }) => (otherwise ? [otherwise] : []))
}
