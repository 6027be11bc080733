import { truth } from '../python/truth.ts'
import type { Statement } from '../syntax/nodes.ts'
import { type Source, syntaxError } from '../syntax/source.ts'
import { assign, assignName, bindTarget } from './assignments.ts'
import { argumentsCode, awaited, expressionCode, type Place } from './expressions.ts'
import { writeFor } from './loops.ts'
import { macroCode, writeBlock } from './macros.ts'
import { type Escaping, made, markedLater, printed } from './output.ts'
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
export function generate(source: Source, body: readonly Statement[], options: GeneratorOptions): Generated {
  return new Generator(source, options).template(body)
}

export interface GeneratorOptions {
  /** Whether promises are awaited. */
  readonly async: boolean
  /** Whether the template escapes what it prints, where no `autoescape` tag says otherwise. */
  readonly autoescape: boolean
  readonly check: Check
}

/** Throws for a filter or test that there is not. */
export type Check = Place['check']

/** Writes the code of one template; loops, macros and assignments are written by the files beside this one. */
export class Generator {
  /** The functions of the blocks by name. */
  readonly blocks = new Map<string, string>()
  /** What goes before a function that may wait. */
  readonly keyword: '' | 'async '
  /** How blocks escape, wherever they stand. */
  readonly outermostEscaping: Escaping
  /** How what is written now escapes. */
  escaping: Escaping
  readonly source: Source
  readonly #async: boolean
  readonly #check: Check
  /** Whether the code stands in a branch of an if, directly: names of filters and tests are checked later there. */
  #soft = false
  readonly #constants: unknown[] = []
  #count = 0

  constructor(source: Source, { async, autoescape, check }: GeneratorOptions) {
    this.#check = check
    this.source = source
    this.#async = async
    this.keyword = async ? 'async ' : ''
    this.outermostEscaping = autoescape ? 'on' : 'off'
    this.escaping = this.outermostEscaping
  }

  template(body: readonly Statement[]): Generated {
    const writer = new FunctionWriter(true, () => this.fresh())
    const extending = body.some((statement) => statement.kind === 'extends') || this.#extendsDeeper(body)
    writer.emit('try{')
    writer.emit('c.begin(T,B);')
    if (extending) writer.emit('let P=null;')
    if (reads(body, 'self')) writer.emit('const self=c.self();')
    this.scoped(body, new Scope(undefined), writer, reads(body, 'self') ? [['self', 'self']] : [], extending)
    if (extending)
      writer.emit(`if(P!==null)return o+${awaited('c.parent(P)', this.place(new Scope(undefined), writer))};`)
    writer.emit('return o;')
    writer.emit('}catch(e){throw h.fail(e,T,p)}')
    const code = [
      `const B={${[...this.blocks].map(([name, code]) => `${JSON.stringify(name)}:${code}`).join(',\n')}};`,
      `return{blocks:B,root:${this.keyword}function(c){\n${writer.finish()}\n}};`,
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

  /** The name of a variable that is used nowhere else. */
  fresh(): string {
    this.#count += 1
    return `v${this.#count}`
  }

  /** Where an expression stands. */
  place(scope: Scope, writer: FunctionWriter, soft = this.#soft): Place {
    return {
      check: soft ? () => undefined : this.#check,
      softly: () => this.place(scope, writer, true),
      scope,
      writer,
      async: this.#async,
      escaping: this.escaping,
      constant: (value) => `k[${this.#constants.push(value) - 1}]`,
    }
  }

  /** Writes statements in a scope of their own; names bound in it start as what they are outside. */
  scoped(
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
      const variable = this.fresh()
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
    const place = this.place(scope, writer)
    const out = writer.out
    switch (node.kind) {
      case 'text':
        writer.emit(`${out}+=${JSON.stringify(node.text)};`)
        return
      case 'output':
        writer.emit(`p=${node.at};${out}+=${printed(expressionCode(node.value, place), this.escaping)};`)
        return
      case 'do':
        writer.emit(`p=${node.at};${expressionCode(node.value, place)};`)
        return
      case 'set':
        writer.emit(`p=${node.at};`)
        assign(this, node.target, expressionCode(node.value, place), scope, writer)
        return
      case 'set-block': {
        const text = this.#buffered(node.body, scope, writer)
        const value = node.filter ? this.#filtered(node.filter, made(text, this.escaping), place) : text
        assign(this, node.target, markedLater(value), scope, writer)
        return
      }
      case 'filter-block': {
        const text = this.#buffered(node.body, scope, writer)
        writer.emit(`p=${node.at};${out}+=h.textOf(${this.#filtered(node.filter, made(text, this.escaping), place)});`)
        return
      }
      case 'if':
        this.#if(node, scope, writer, guarded)
        return
      case 'for':
        writeFor(this, node, scope, writer)
        return
      case 'break':
      case 'continue':
        if (writer.loops === 0) throw syntaxError(this.source, node.at, `'${node.kind}' stands outside a loop`)
        writer.emit(`${node.kind};`)
        return
      case 'with': {
        writer.emit('{')
        const values = node.assignments.map(({ value }) => {
          const variable = this.fresh()
          writer.emit(`const ${variable}=${expressionCode(value, place)};`)
          return variable
        })
        let inner = scope
        node.assignments.forEach(({ target }, index) => {
          inner = bindTarget(this, target, values[index] as string, inner, writer)
        })
        const names = node.assignments.flatMap(({ target }) => targetNames(target))
        const bound = names.map((name) => [name, inner.find(name)?.variable as string] as const)
        this.scoped(node.body, inner, writer, bound)
        writer.emit('}')
        return
      }
      case 'autoescape':
        this.#autoescape(node, scope, writer)
        return
      case 'macro':
        assignName(node.name, macroCode(this, node, scope), scope, writer, node.at)
        return
      case 'call-block': {
        const caller = macroCode(
          this,
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
        writeBlock(this, node, scope, writer)
        return
      case 'extends':
        writer.emit(`p=${node.at};h.extendOnce(P);P=c.load(${expressionCode(node.template, place)},T);`)
        return
      case 'include': {
        const given = `${expressionCode(node.template, place)},T,${node.withContext ? this.locals(scope) : 'null'}`
        writer.emit(`p=${node.at};${out}+=${awaited(`c.include(${given},${node.ignoreMissing})`, place)};`)
        return
      }
      case 'import':
        assignName(node.name, this.#module(node, place), scope, writer, node.at, false)
        return
      case 'from-import': {
        const module = this.fresh()
        writer.emit(`p=${node.at};const ${module}=${this.#module(node, place)};`)
        for (const { name, as } of node.names) {
          assignName(as, `h.member(${module},${JSON.stringify(name)})`, scope, writer, node.at, false)
        }
        return
      }
    }
  }

  #if(node: Extract<Statement, { kind: 'if' }>, scope: Scope, writer: FunctionWriter, guarded: boolean): void {
    const soft = this.#soft
    this.#soft = true
    const place = this.place(scope, writer)
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

  /** Writes with another way of escaping. */
  escapingAs(escaping: Escaping, write: () => void): void {
    const outer = this.escaping
    this.escaping = escaping
    write()
    this.escaping = outer
  }

  #autoescape(node: Extract<Statement, { kind: 'autoescape' }>, scope: Scope, writer: FunctionWriter): void {
    const { value } = node
    const before = this.fresh()
    writer.emit(`const ${before}=c.autoescape;`)
    writer.emit(`p=${node.at};c.autoescape=h.truth(${expressionCode(value, this.place(scope, writer))});{`)
    const known = value.kind === 'constant' && this.escaping !== 'asked'
    const escaping = known ? (truth(value.value) ? 'on' : 'off') : 'asked'
    this.escapingAs(escaping, () => this.scoped(node.body, scope, writer, []))
    writer.emit(`}c.autoescape=${before};`)
  }

  #module(node: Extract<Statement, { kind: 'import' | 'from-import' }>, place: Place): string {
    const template = expressionCode(node.template, place)
    return awaited(`c.module(${template},T,${node.withContext ? this.locals(place.scope) : 'null'})`, place)
  }

  /** Code for an object of everything that has a name here. */
  locals(scope: Scope): string {
    const names = [...scope.visible()].map(([name, variable]) => `[${JSON.stringify(name)}]:${variable}`)
    return `{__proto__:null,${names.join(',')}}`
  }

  /** Writes the body into a buffer of its own; answers the variable that holds its text. */
  #buffered(body: readonly Statement[], scope: Scope, writer: FunctionWriter): string {
    const buffer = this.fresh()
    const { out } = writer
    writer.emit(`let ${buffer}='';{`)
    writer.out = buffer
    this.scoped(body, scope, writer, [])
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
}
