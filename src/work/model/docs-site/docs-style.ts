/** The look of the documentation page, in light and in dark. */
export const DOCS_STYLE = `
:root { color-scheme: light dark; --line: #8884; --accent: light-dark(#0a5c8a, #7cc4ee); --soft: light-dark(#f4f6f8, #1c2024); }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; display: grid; grid-template: auto 1fr / minmax(14rem, 22rem) 1fr; height: 100vh; }
header { grid-column: 1 / -1; display: flex; gap: 1rem; align-items: center; padding: .5rem 1rem; border-bottom: 1px solid var(--line); }
h1 { font-size: 1.1rem; margin: 0; }
h1 a { color: inherit; text-decoration: none; }
h2 { margin: 0 0 .25rem; }
input { flex: 1; max-width: 30rem; padding: .35rem .6rem; font: inherit; }
nav { overflow: auto; padding: .5rem; border-right: 1px solid var(--line); }
nav h3 { margin: .8rem 0 .2rem; font-size: .8rem; text-transform: uppercase; opacity: .7; }
nav a { display: block; padding: .1rem .4rem; border-radius: 4px; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
nav a:hover, nav a[aria-current] { background: var(--soft); color: var(--accent); }
main { overflow: auto; padding: 1rem 1.5rem; }
main a { color: var(--accent); }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
pre { background: var(--soft); padding: .8rem; overflow: auto; border-radius: 6px; }
.tag { background: var(--soft); border-radius: 4px; padding: 0 .4rem; margin-right: .3rem; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
.graph { max-height: 70vh; overflow: auto; margin: .5rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; }
dt { opacity: .7; }
dd { margin: 0; overflow-wrap: anywhere; }
.markdown { max-width: 50rem; overflow-wrap: anywhere; }
.markdown img { max-width: 100%; }
svg rect { fill: var(--soft); stroke: var(--line); }
svg .source rect { stroke-dasharray: 4 2; }
svg .exposure rect, svg .metric rect, svg .saved_query rect { rx: 15px; }
svg .here rect { stroke: var(--accent); stroke-width: 2; }
svg text { fill: currentColor; font: 12px system-ui, sans-serif; }
svg path { fill: none; stroke: var(--line); stroke-width: 1.5; }
@media (max-width: 50rem) { body { display: block; } nav { max-height: 40vh; border-right: 0; border-bottom: 1px solid var(--line); } dl { grid-template-columns: 1fr; } dd { margin-bottom: .3rem; } }
`
