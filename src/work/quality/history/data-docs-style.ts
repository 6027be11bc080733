/** How the page of data docs looks: light and dark, and on narrow screens the cells of a row below each other. */
export const DATA_DOCS_STYLE = `
:root { color-scheme: light dark; --text: #1c2127; --soft: #5b6470; --back: #fff; --card: #f5f7f9; --line: #d9dee4; --ok: #1f7a3f; --bad: #b3261e; --warn: #8a5a00; --link: #0b57b0 }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9ed; --soft: #a2abb6; --back: #15181c; --card: #1f242a; --line: #363d46; --ok: #6cc98a; --bad: #ff8a80; --warn: #e5b558; --link: #8ab8ff } }
* { box-sizing: border-box }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); margin: 0 auto; max-width: 76rem; padding: 1rem; overflow-wrap: anywhere }
a { color: var(--link) } :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 2px } h1:focus { outline: 0 }
header { display: flex; flex-wrap: wrap; gap: .2rem 1rem; align-items: baseline; border-bottom: 1px solid var(--line); padding-bottom: .8rem }
header p { margin: 0 } .title a { font-size: 1.2rem; font-weight: 650; color: inherit; text-decoration: none } .made, .soft { color: var(--soft) }
input { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .35rem .6rem; margin-left: auto; width: min(24rem, 100%) }
nav { margin: .8rem 0 0; color: var(--soft) } h1 { font-size: 1.5rem; margin: .4rem 0 } h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem }
.facts { display: flex; flex-wrap: wrap; gap: .6rem; margin: .8rem 0 } .facts > div { background: var(--card); border-radius: .5rem; padding: .5rem .9rem } .facts b { display: block; font-size: 1.25rem; font-weight: 650 }
.filter { display: flex; flex-wrap: wrap; gap: .4rem; margin: .8rem 0; align-items: baseline }
button { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: .15rem .8rem; cursor: pointer } button[aria-pressed=true] { background: var(--text); color: var(--back); border-color: var(--text) }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top } thead th { white-space: nowrap; color: var(--soft); font-weight: 500; font-size: .85rem }
td.number, th.number, td.mark, th.mark { white-space: nowrap; padding-right: 1.2rem } .number { text-align: right; font-variant-numeric: tabular-nums } tr.group th { padding-top: 1rem; font-weight: 650 } td.mark { width: 1% }
.ok { color: var(--ok) } .bad { color: var(--bad) } .warn { color: var(--warn) }
code { font: .88em/1.5 ui-monospace, monospace; background: var(--card); border-radius: .25rem; padding: .05rem .3rem; white-space: pre-wrap } details { margin-top: .2rem } summary { cursor: pointer; color: var(--soft) } details code { display: inline-block; margin: .15rem .3rem .15rem 0 }
svg { vertical-align: middle } .pages { display: flex; gap: .8rem; margin: .8rem 0; flex-wrap: wrap }
@media (max-width: 46rem) {
  input { margin-left: 0 } thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
  table, tbody, tr, td, tr.group th { display: block; width: 100% } td, td.number, td.mark { border: 0; padding: .1rem 0; text-align: left; width: 100% } tr { border-bottom: 1px solid var(--line); padding: .5rem 0 } tr.group { border: 0; padding: 0 }
  td[data-name]:not([data-name=""])::before { content: attr(data-name) ': '; color: var(--soft) } td:empty { display: none }
}`
