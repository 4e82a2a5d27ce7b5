// What the explorer does: it marks the articles, lights up entities, puts two articles side by side, switches views.
// Texts come from JSON and go into the page as text nodes only; no markup is ever made of them.
"use strict"

const data = JSON.parse(document.getElementById("data").textContent)
const one = (query, box = document) => box.querySelector(query)
const all = (query, box = document) => [...box.querySelectorAll(query)]
const SIGNS = { hit: "✓", "near miss": "≈", miss: "○", "false alarm": "✗" }
const element = (name, attributes = {}, ...children) => {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value)
  made.append(...children)
  return made
}

document.documentElement.classList.add("live")
for (const article of data.articles || []) article.chars = Array.from(article.text) // offsets count code points

// --- marking -------------------------------------------------------------------------------------------------

// A cover is {start, end, rank, order, make}: covers of a lower rank, and longer ones, enclose the others.
const enclosing = (a, b) => a.rank - b.rank || a.start - b.start || b.end - a.end || a.order - b.order

function paint(box, article, covers) {
  covers.sort(enclosing)
  box.replaceChildren(...article.blocks.map(([start, end, furniture]) => {
    const inside = covers.filter(cover => cover.start < end && cover.end > start)
    const made = element("p", { dir: "auto", class: furniture ? "furniture" : null, "data-kind": furniture || null })
    made.append(...nested(pieces(article, start, end, inside), 0))
    return made
  }))
}

// The stretches between all ends of covers, each with the covers that it lies in.
function pieces(article, start, end, covers) {
  const ends = covers.flatMap(cover => [cover.start, cover.end]).filter(at => at > start && at < end)
  const cuts = [...new Set([start, ...ends, end])].sort((a, b) => a - b)
  return cuts.slice(1).map((stop, i) => ({
    text: article.chars.slice(cuts[i], stop).join(""),
    covers: covers.filter(cover => cover.start < stop && cover.end > cuts[i]),
  }))
}

// Neighbours that lie in the same cover at this depth are one element.
function* nested(found, depth) {
  for (let i = 0; i < found.length;) {
    const cover = found[i].covers[depth]
    let stop = i + 1
    while (stop < found.length && found[stop].covers[depth] === cover) stop += 1
    if (!cover) for (; i < stop; i++) yield found[i].text
    else {
      const made = cover.make(!cover.begun)
      cover.begun = true
      made.append(...nested(found.slice(i, stop), depth + 1))
      yield made
    }
    i = stop
  }
}

const mark = (cls, attributes) => () => element("mark", { class: cls, ...attributes })

// --- the articles --------------------------------------------------------------------------------------------

const controls = one(".controls")
const typeOf = new Map((data.types || []).map(([name], at) => [name, at]))
const kindOf = new Map((data.kinds || []).map(([name], at) => [name, at]))
const ticked = name => new Set(all(`input[name=${name}]:checked`, controls).map(input => input.value))
let source = null
let marked = [] // what each mark on the page is: a mention or a claim of the source
let pinned = null

function mentionCover([doc, start, end, type, level, entity, value, outcome, what], at) {
  const hue = typeOf.get(type) ?? 7
  const told = { "data-m": at, "data-entity": entity < 0 ? null : entity, "data-outcome": outcome || null }
  const look = { "data-hue": hue % 8, "data-line": hue % 5, "data-type": type, tabindex: -1 }
  const make = first => element("mark", { class: first ? "mention first" : "mention", ...told, ...look })
  return { start, end, rank: 4, order: at, make }
}

function claimCovers(claim, at, conflicts) {
  const look = { "data-c": at, "data-kind": (kindOf.get(claim.kind) ?? 3) % 4, "data-outcome": !conflicts && claim.outcome || null }
  const cls = conflicts ? "conflict" : "claim"
  const make = begins => first => element("mark", { class: first ? `${cls} ${begins}` : cls, ...look, tabindex: -1 })
  return claim.spans.map(([start, end], piece) =>
    ({ start, end, rank: conflicts ? 3 : 2, order: at, make: make(piece ? "again" : "first") }))
}

// Whether a claim is one of a pair that is a conflict: by place, so that annotators' claims are found as well as gold's.
const place = (doc, spans) => `${doc}:${spans.map(span => span.join("-")).join(",")}`
const clashing = new Map()
;(data.pairs || []).forEach(([a, b, conflict], number) => {
  if (conflict) for (const side of [a, b]) {
    const key = place(side.doc, side.spans)
    clashing.set(key, [...(clashing.get(key) || []), number])
  }
})
const pairsOf = claim => clashing.get(place(claim.doc, claim.spans)) || []

function covers(number, chosen) {
  const { layers, types, kinds, outcomes } = chosen
  const shown = outcome => !source.judged || outcomes.has(outcome)
  const found = []
  if (layers.has("copied")) data.articles[number].copied.forEach(([start, end, other], order) => {
    const told = { "data-with": data.articles[other].id, title: `also in ${data.articles[other].id}` }
    found.push({ start, end, rank: 1, order, make: mark("copied", told) })
  })
  source.claims.forEach((claim, at) => {
    if (claim.doc !== number || !kinds.has(claim.kind) || !shown(claim.outcome)) return
    if (layers.has("claims")) found.push(...claimCovers(claim, at, false))
    if (layers.has("conflicts") && pairsOf(claim).length) found.push(...claimCovers(claim, at, true))
  })
  if (layers.has("mentions")) source.mentions.forEach((mention, at) => {
    if (mention[0] === number && types.has(mention[3]) && shown(mention[7])) found.push(mentionCover(mention, at))
  })
  return found
}

function repaint() {
  source = data.sources[Number(controls.elements.source.value)] || { mentions: [], claims: [] }
  const chosen = { layers: ticked("layer"), types: ticked("type"), kinds: ticked("kind"), outcomes: ticked("outcome") }
  document.body.classList.toggle("tags", controls.elements.tags.checked)
  const articles = one("input[name=article]", controls) && ticked("article")
  for (const telling of all(".telling")) {
    const number = Number(telling.dataset.article)
    telling.classList.toggle("off", Boolean(articles) && !articles.has(String(number)))
    paint(one(".text", telling), data.articles[number], covers(number, chosen))
    const first = one("mark[tabindex]", telling)
    if (first) first.tabIndex = 0
  }
  count()
  light(pinned)
}

function count() {
  const tell = (query, n) => all(query).forEach(each => { each.textContent = n })
  const { mentions, claims } = source
  const conflicts = claims.filter(claim => pairsOf(claim).length).length
  const copied = data.articles.reduce((sum, article) => sum + article.copied.length, 0)
  for (const [name, n] of Object.entries({ mentions: mentions.length, claims: claims.length, conflicts, copied }))
    tell(`[data-count=${name}]`, n)
  for (const [type] of data.types)
    tell(`[data-type-count="${CSS.escape(type)}"]`, mentions.filter(each => each[3] === type).length)
  for (const [kind] of data.kinds)
    tell(`[data-kind-count="${CSS.escape(kind)}"]`, claims.filter(each => each.kind === kind).length)
  const outcomes = [...mentions.map(each => each[7]), ...claims.map(each => each.outcome)]
  for (const name of Object.keys(SIGNS)) tell(`[data-outcome-count="${name}"]`, outcomes.filter(each => each === name).length)
  one(".outcomes", controls).hidden = !source.judged
}

// --- entities and details ------------------------------------------------------------------------------------

// Light up an entity wherever it is mentioned, with ticks beside each text and a count above it; null: none.
function light(entity) {
  all("mark.lit").forEach(each => each.classList.remove("lit"))
  const lit = entity === null ? [] : all(`.telling mark[data-entity="${entity}"]`)
  lit.forEach(each => each.classList.add("lit"))
  for (const telling of all(".telling")) {
    const number = Number(telling.dataset.article)
    const own = entity === null ? [] : source.mentions.filter(each => each[0] === number && each[5] === entity)
    one(".lit-count", telling).textContent = entity === null ? "" : own.length ? `${own.length} ×` : "not mentioned"
    one(".rail", telling).replaceChildren(...own.map(each => {
      const tick = element("span")
      tick.style.top = `${100 * each[1] / data.articles[number].chars.length}%`
      return tick
    }))
  }
}

function tell(...children) {
  one("#details").replaceChildren(...children)
}

const term = (name, value) => value ? [element("dt", {}, name), element("dd", { dir: "auto" }, value)] : []
const verdict = (outcome, what) => outcome ? [element("span", { class: "outcome", "data-outcome": outcome }, outcome), ` ${what}`] : []

function tellMention([doc, start, end, type, level, entity, value, outcome, what]) {
  const [id, name] = entity < 0 ? [] : data.entities[entity]
  const words = data.articles[doc].chars.slice(start, end).join("")
  const title = data.types[typeOf.get(type)]?.[1] ?? type
  const counts = entity < 0 ? [] : data.articles.map((article, number) =>
    [article.id, source.mentions.filter(each => each[0] === number && each[5] === entity).length])
  const total = counts.reduce((sum, [, n]) => sum + n, 0)
  const where = counts.map(([id, n]) => element("span", { class: n ? "in" : "in none" }, element("span", { class: "docid" }, id), ` ${n}`))
  const others = (data.elsewhere[entity] || []).map(([id, n, href]) => element("a", { class: "in", href }, element("span", { class: "docid" }, id), ` ${n}`))
  tell(
    element("p", { class: "what" }, element("strong", { dir: "auto" }, name || words),
      element("span", { class: "tag" }, title), level ? element("span", { class: "tag" }, level) : "", ...verdict(outcome, what)),
    element("p", { class: "more" }, value ? `= ${value}` : "",
      entity < 0 ? "" : `${total} mention${total === 1 ? "" : "s"}: `, ...where, others.length ? "also in " : "", ...others),
  )
}

function tellClaim(claim) {
  const about = (claim.about || []).map(number => data.entities[number][1]).join(", ")
  const links = pairsOf(claim).map(number => element("a", { href: `#pair-${number}`, class: "jump" }, "≠ side by side"))
  tell(
    element("p", { class: "what" }, element("strong", { dir: "auto" }, claim.says), ...verdict(claim.outcome, claim.what || "")),
    element("dl", { class: "more" }, ...term("kind", data.kinds[kindOf.get(claim.kind)]?.[1] ?? claim.kind), ...term("", claim.how),
      ...term("said by", claim.holder), ...term("when", claim.time), ...term("about", about)),
    element("p", { class: "links" }, ...links),
  )
}

// What a mark is: the innermost mention or claim around the target.
const markAt = target => target instanceof Element ? target.closest(".telling mark[data-m], .telling mark[data-c]") : null
const entityOf = found => found?.dataset.entity === undefined ? null : Number(found.dataset.entity)

function show(found) {
  if (found.dataset.m !== undefined) tellMention(source.mentions[Number(found.dataset.m)])
  else tellClaim(source.claims[Number(found.dataset.c)])
  all("mark.now").forEach(each => each.classList.remove("now"))
  if (found.dataset.c !== undefined) all(`.telling mark[data-c="${found.dataset.c}"]`).forEach(each => each.classList.add("now"))
  light(entityOf(found))
}

function release() {
  pinned = null
  all("mark.now, mark.pinned").forEach(each => each.classList.remove("now", "pinned"))
  light(null)
}

function pin(found) {
  const again = found.classList.contains("pinned")
  release()
  if (again) return
  show(found)
  pinned = entityOf(found)
  found.classList.add("pinned")
}

function watchArticles() {
  const shelf = one(".shelf")
  const holding = () => pinned !== null || one("mark.pinned")
  shelf.addEventListener("mouseover", event => { const found = markAt(event.target); if (found && !holding()) show(found) })
  shelf.addEventListener("mouseleave", () => { if (!holding() && !one("mark:focus")) release() })
  shelf.addEventListener("focusin", event => { const found = markAt(event.target); if (found && !holding()) show(found) })
  shelf.addEventListener("click", event => { const found = markAt(event.target); if (found) pin(found) })
  shelf.addEventListener("keydown", steer)
}

// Right and left: the next mark of the article. Down and up: the next mention of the same entity, in any article.
function steer(event) {
  const found = markAt(event.target)
  if (!found) return
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1, Home: 0, End: 0 }[event.key]
  if (event.key === "Enter" || event.key === " ") pin(found)
  else if (step === undefined) return
  else {
    const same = event.key.endsWith("Down") || event.key.endsWith("Up")
    const scope = same && found.dataset.entity !== undefined ? `.telling:not(.off) mark.first[data-entity="${found.dataset.entity}"]` : "mark.first"
    const marks = all(scope, same ? document : found.closest(".telling"))
    const at = event.key === "Home" ? 0 : event.key === "End" ? marks.length - 1 : marks.indexOf(found) + step
    focus(marks[Math.max(0, Math.min(marks.length - 1, at))])
  }
  event.preventDefault()
}

function focus(found) {
  if (!found) return
  all("mark[tabindex='0']", found.closest(".telling")).forEach(each => { each.tabIndex = -1 })
  found.tabIndex = 0
  if (pinned !== null && entityOf(found) !== pinned) release()
  found.focus({ preventScroll: true })
  found.scrollIntoView({ block: "nearest", inline: "nearest" })
}

// --- conflicts, side by side ---------------------------------------------------------------------------------

let current = null

function choose(number) {
  const found = one(`.to-pair[data-pair="${number}"]`)
  if (!found) return
  current = number
  all(".to-pair").forEach(each => each.toggleAttribute("aria-current", each === found))
  found.setAttribute("aria-current", "true")
  all(".card").forEach(each => each.classList.toggle("off", each.id !== `pair-${number}`))
  const [a, b] = data.pairs[number]
  one(".compare").hidden = false
  for (const [letter, side] of [["a", a], ["b", b]]) compare(one(`.pane[data-side=${letter}]`), side)
  reveal(found, one(".finder"))
}

// Scrolls the list only, never the page: the first pair is chosen while other views are open, and at the start.
function reveal(found, list) {
  const own = found.getBoundingClientRect(), box = list.getBoundingClientRect()
  if (own.top < box.top) list.scrollTop += own.top - box.top
  else if (own.bottom > box.bottom) list.scrollTop += own.bottom - box.bottom
}

function compare(pane, side) {
  const article = data.articles[side.doc]
  one("h4", pane).textContent = article.title
  one(".origin", pane).replaceChildren(element("span", { class: "docid" }, article.id))
  pane.setAttribute("aria-label", `${article.id}: ${article.title}`)
  const found = side.spans.map(([start, end], order) => ({ start, end, rank: 1, order, make: mark("claimed") }))
  if (side.clash) found.push({ start: side.clash[0], end: side.clash[1], rank: 2, order: 0, make: mark("clash") })
  paint(one(".text", pane), article, found)
  const target = one("mark.clash", pane) || one("mark", pane)
  if (target) pane.scrollTop += target.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 2.5
}

function narrow() {
  const wanted = new Set(all("input[name=pairs]:checked").map(input => input.value))
  for (const each of all(".group, .pairs > li"))
    each.hidden = !each.dataset.kinds.split("|").some(kind => wanted.has(kind))
  for (const each of all(".to-pair")) // on paper only what is listed
    one(`#pair-${each.dataset.pair}`).classList.toggle("unlisted", Boolean(each.closest("[hidden]")))
  const left = visible()
  one(".none-left").hidden = left.length > 0
  if (left.length && !left.some(each => Number(each.dataset.pair) === current)) choose(Number(left[0].dataset.pair))
}

const visible = () => all(".to-pair").filter(each => !each.closest("[hidden]"))

function watchConflicts() {
  one(".narrow").addEventListener("change", narrow)
  one(".desk").addEventListener("keydown", event => {
    const link = event.target.closest(".to-pair")
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (link && step) {
      const links = visible()
      const next = links[links.indexOf(link) + step]
      if (next) { next.focus(); choose(Number(next.dataset.pair)); history.replaceState(null, "", next.hash) }
      event.preventDefault()
    } else if (event.key === "Escape" && current !== null) {
      one(`.to-pair[data-pair="${current}"]`).focus()
      event.preventDefault()
    }
  })
  all(".to-pair").forEach(each => each.addEventListener("click", event => {
    event.preventDefault()
    if (location.hash !== each.hash) history.pushState(null, "", each.hash)
    route(true)
  }))
  narrow()
}

// --- views ---------------------------------------------------------------------------------------------------

// The part after # is a view, or a pair in the view of conflicts; `moved`: somebody asked for it.
function route(moved = false) {
  const [, pair] = location.hash.match(/^#pair-(\d+)$/) || []
  const views = all(".view")
  const wanted = pair === undefined ? location.hash.slice(1) : "conflicts"
  const shown = views.find(view => view.id === wanted) || views[0]
  for (const view of views) view.classList.toggle("off", view !== shown)
  for (const link of all("nav a")) {
    if (link.hash === `#${shown.id}`) link.setAttribute("aria-current", "page")
    else link.removeAttribute("aria-current")
  }
  if (shown.id === "conflicts" && one(".desk")) {
    choose(pair === undefined ? current ?? 0 : Number(pair))
    if (pair !== undefined && moved) {
      const card = one(`#pair-${Number(pair)}`)
      card?.focus({ preventScroll: true })
      if (one(".finder").getBoundingClientRect().bottom <= one(".table").getBoundingClientRect().top) card?.scrollIntoView()
    }
  } else if (moved) window.scrollTo(0, 0)
}

function start() {
  if (controls) {
    const select = controls.elements.source
    data.sources.forEach((each, at) => select.append(element("option", { value: at }, each.name)))
    if (!data.sources.length) select.append(element("option", { value: "" }, "nobody yet"))
    if (window.matchMedia("(max-width: 760px)").matches) one(".fold", controls).open = false
    controls.addEventListener("change", repaint)
    controls.addEventListener("submit", event => event.preventDefault())
    controls.addEventListener("click", event => {
      const { all: every, none } = event.target.dataset
      if (every ?? none) {
        all(`input[name=${every ?? none}]`, controls).forEach(input => { input.checked = every !== undefined })
        repaint()
      }
    })
    repaint()
    watchArticles()
  }
  if (one(".desk")) watchConflicts()
  document.addEventListener("keydown", event => { if (event.key === "Escape" && !event.target.closest(".desk")) release() })
  window.addEventListener("hashchange", () => route(true))
  window.addEventListener("popstate", () => route(true))
  route()
}

start()
