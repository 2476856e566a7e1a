// What a page does beside being read: search, filter, sort and group its lists, and find one entry by its link.
// Without it the page shows the same, in the order of the file. Nothing leaves the page and nothing is kept.
//
// Of a long list the file has all but the beginning in <noscript>: to a browser that runs scripts that is one text, which
// takes no time to read, and to any other it is the list. The rest becomes elements while nothing else is to be done, or
// as soon as it is scrolled to, arranged, linked to or printed; it is searched and filtered as text until then.
(() => {
  'use strict';

  const perChunk = 40;    // entries that are laid out together
  const entryHeight = 78; // pixels, a guess until an entry was seen
  const compare = new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare;
  const english = new Intl.NumberFormat('en');

  document.documentElement.classList.add('js');

  // A list is an element with data-list that holds a form (search, filters, sort, group) and entries
  // (data-item), each with the values that can be filtered and sorted by as data attributes.
  class List {
    constructor(root) {
      this.root = root;
      this.form = root.querySelector('form.tools');
      this.place = root.querySelector('[data-entries]');
      this.nothing = root.querySelector('[data-nothing]');
      this.count = root.querySelector('[data-count]');
      this.noun = root.dataset.list;
      this.all = Number(root.dataset.all);
      this.entries = null; // all of them, once all are elements
      this.order = '';
      this.grouping = this.grouped();
      this.groups = this.read();
      this.later = this.groups.flatMap((group) => group.chunks.filter((chunk) => chunk.later));
      this.watch();
      this.form.addEventListener('submit', (e) => e.preventDefault());
      this.form.addEventListener('input', () => this.apply());
      this.form.addEventListener('reset', () => setTimeout(() => this.apply()));
      this.root.querySelector('[data-expand]')?.addEventListener('click', (e) => this.expand(e.target));
      this.apply(); // a browser that goes back fills the form in again
    }

    // read takes the groups as the file has them.
    read() {
      return Array.from(this.place.children, (element) => ({
        element,
        total: element.querySelector('[data-total]'),
        chunks: Array.from(element.querySelectorAll('.chunk'), (chunk) => {
          const later = chunk.querySelector(':scope > noscript');
          return { element: chunk, later, entries: later ? null : entriesOf(chunk) };
        }),
      }));
    }

    // fill makes elements of a chunk's text.
    fill(chunk) {
      if (!chunk.later) return;
      chunk.element.innerHTML = chunk.later.textContent;
      chunk.later = null;
      const made = entriesOf(chunk.element);
      chunk.entries?.forEach((entry, i) => {
        entry.element = made[i].element;
        entry.element.hidden = !entry.shown;
        if (entry.text === undefined) entry.read = made[i].read;
        entry.markup = '';
      });
      chunk.entries ??= made;
    }

    // entriesIn are a chunk's entries, read from its text while it is one.
    entriesIn(chunk) { return chunk.entries ??= outline(chunk.later.textContent); }

    // fillNext makes elements of the first chunk that is text yet; false: there is none.
    fillNext() {
      while (this.later.length > 0 && !this.later[0].later) this.later.shift();
      if (this.later.length === 0) return false;
      this.fill(this.later.shift());
      return true;
    }

    // complete makes elements of all that is text yet.
    complete() {
      while (this.fillNext());
      this.entries ??= this.groups.flatMap((group) => group.chunks.flatMap((chunk) => chunk.entries));
    }

    // watch fills a chunk that comes near the screen.
    watch() {
      if (this.later.length === 0) return;
      const chunks = new Map(this.later.map((chunk) => [chunk.element, chunk]));
      const near = new IntersectionObserver((seen) => {
        for (const s of seen.filter((one) => one.isIntersecting)) {
          this.fill(chunks.get(s.target));
          near.unobserve(s.target);
        }
      }, { rootMargin: '1500px' });
      for (const element of chunks.keys()) near.observe(element);
    }

    // find is the element of that id, which may be text yet.
    find(id) {
      const chunk = this.later.find((c) => c.later?.textContent.includes(` id="${id}"`));
      if (!chunk) return null;
      this.fill(chunk);
      return document.getElementById(id);
    }

    value(selector) { return this.form.querySelector(selector)?.value ?? ''; }

    grouped() {
      const select = this.form.querySelector('[data-group]');
      return select ? (select.querySelector('[selected]') ?? select.options[0]).value : '';
    }

    words() { return fold(this.value('[data-search]')).split(/\s+/).filter(Boolean); }

    chosen() {
      return Array.from(this.form.querySelectorAll('[data-filter]'), (f) => [f.dataset.filter, f.value]).filter(([, v]) => v !== '');
    }

    // asked reports whether the form asks for another list than the file's.
    asked() {
      return this.words().length + this.chosen().length > 0 || this.value('[data-sort]') !== this.order || this.value('[data-group]') !== this.grouping;
    }

    apply() {
      if (!this.filtered && !this.asked()) {
        this.tell(this.all);
        return;
      }
      this.filtered = true;
      const order = this.value('[data-sort]');
      const grouping = this.value('[data-group]');
      if (order !== this.order || grouping !== this.grouping) {
        this.complete();
        this.order = order;
        this.grouping = grouping;
        this.arrange();
      }
      this.filter();
    }

    // of is what an entry has for a name, asked of the page once.
    of(entry, name) { return entry.values[name] ??= entry.element ? entry.element.dataset[name] ?? '' : attribute(entry.markup, name); }

    // filter shows the entries that have every word of the search and every chosen value.
    filter() {
      const words = this.words();
      const chosen = this.chosen();
      let total = 0;
      for (const group of this.groups) {
        let inGroup = 0;
        for (const chunk of group.chunks) {
          const entries = this.entriesIn(chunk);
          const fits = entries.map((entry) => chosen.every(([name, v]) => this.of(entry, name) === v) && words.every((w) => this.text(entry).includes(w)));
          const inChunk = fits.reduce((n, fit) => n + fit, 0);
          // Of a chunk that is not shown the entries can stay as they are.
          if (inChunk > 0) entries.forEach((entry, i) => this.show(entry, fits[i]));
          if (chunk.seen !== inChunk) {
            chunk.seen = inChunk;
            chunk.element.hidden = inChunk === 0;
            if (chunk.element.tagName === 'DIV') chunk.element.style.containIntrinsicSize = `auto ${inChunk * entryHeight}px`;
          }
          inGroup += inChunk;
        }
        group.element.hidden = inGroup === 0;
        if (group.total) group.total.textContent = english.format(inGroup);
        total += inGroup;
      }
      this.tell(total);
    }

    // tell says how many entries are shown.
    tell(total) {
      const said = total === this.all ? `${english.format(total)} ${this.noun}` : `${english.format(total)} of ${english.format(this.all)} ${this.noun} shown`;
      if (this.count.textContent !== said) this.count.textContent = said;
      if (this.nothing) this.nothing.hidden = total > 0;
    }

    show(entry, fit) {
      if (entry.shown === fit) return;
      entry.shown = fit;
      if (entry.element) entry.element.hidden = !fit;
    }

    text(entry) { return entry.text ??= entry.read(); }

    // arrange lays the entries out anew, sorted and grouped as the form says.
    arrange() {
      const entries = this.entries.slice();
      const by = this.order;
      if (by) entries.sort((a, b) => compare(this.of(a, by), this.of(b, by)));
      const groups = new Map();
      for (const entry of entries) {
        const name = this.grouping ? this.of(entry, this.grouping) : '';
        if (!groups.has(name)) groups.set(name, []);
        groups.get(name).push(entry);
      }
      const names = this.sorted(Array.from(groups.keys()));
      const level = this.place.dataset.entries;
      this.groups = names.map((name) => this.group(name, groups.get(name), level));
      this.place.replaceChildren(...this.groups.map((group) => group.element));
    }

    // sorted puts the names of groups in the order of the filter of that name, where it knows them.
    sorted(names) {
      if (!this.grouping) return names;
      const rank = new Map(this.options().map((option, i) => [option.value, i]));
      return names.sort((a, b) => (rank.get(a) ?? -1) - (rank.get(b) ?? -1) || compare(a, b));
    }

    options() { return Array.from(this.form.querySelector(`[data-filter="${this.grouping}"]`)?.options ?? []); }

    // label is what people call a group: what the filter of that name says.
    label(name) {
      const option = this.options().find((o) => o.value === name && o.dataset.label);
      return option?.dataset.label || name || this.place.dataset.unnamed || 'other';
    }

    group(name, entries, level) {
      const element = make('section', 'group');
      const total = this.grouping ? make('span') : null;
      if (total) {
        const heading = make('h3');
        const text = make('span', 'text');
        text.textContent = this.label(name);
        heading.append(text, ': ', total);
        element.append(heading);
      }
      const chunks = [];
      for (let i = 0; i < entries.length; i += perChunk) {
        const part = entries.slice(i, i + perChunk);
        const chunk = make(level || 'div', 'chunk');
        chunk.append(...part.map((entry) => entry.element));
        element.append(chunk);
        chunks.push({ element: chunk, entries: part });
      }
      return { element, total, chunks };
    }

    // expand opens or closes the details of all entries.
    expand(button) {
      const open = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(open));
      this.complete();
      for (const entry of this.entries) {
        for (const d of entry.element.querySelectorAll('details')) d.open = open;
      }
    }

    // reveal shows one entry, whatever is searched and filtered.
    reveal(element) {
      if (!this.place.contains(element)) return;
      if (!element.checkVisibility()) {
        this.form.reset();
        this.apply();
      }
      for (const d of element.querySelectorAll('details')) d.open = true;
    }
  }

  function entriesOf(chunk) {
    return Array.from(chunk.querySelectorAll(':scope > [data-item]'), (element) => ({ element, read: () => fold(element.textContent), values: {}, shown: true }));
  }

  // outline reads the entries out of their text, without making elements of it. Whatever a person typed is escaped there,
  // so that no tag and no attribute's end can be taken for another; and no page has a NUL, which so can part the texts.
  // All texts go through each step at once: one by one takes twice as long.
  function outline(text) {
    const parts = text.split(' class="item" data-item ').slice(1);
    let texts = null;
    const read = () => texts ??= fold(decode(`<${parts.join('>\0<')}`.replace(/<[^>]*>/g, ''))).split('\0');
    return parts.map((markup, i) => ({ element: null, markup: ` ${markup}`, read: () => read()[i], values: {}, shown: true }));
  }

  // attribute is what an entry's text has for a name.
  function attribute(markup, name) {
    const mark = ` data-${name}="`;
    const tag = markup.slice(0, markup.indexOf('>'));
    const from = tag.indexOf(mark);
    return from < 0 ? '' : decode(tag.slice(from + mark.length, tag.indexOf('"', from + mark.length)));
  }

  const entities = { amp: '&', lt: '<', gt: '>', quot: '"' };
  function decode(text) {
    return text.includes('&') ? text.replace(/&(?:#(\d+)|(amp|lt|gt|quot));/g, (_, code, name) => (code ? String.fromCodePoint(code) : entities[name])) : text;
  }

  function make(tag, name) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    return element;
  }

  // fold makes texts comparable: without case and without accents.
  function fold(text) {
    const low = text.toLowerCase();
    return /[\u0080-\u2190\u2193-\uffff]/.test(low) ? low.normalize('NFD').replace(/\p{Mn}/gu, '') : low;
  }

  // A list that is folded is text until it is opened.
  function unfold(root) {
    for (const text of root.querySelectorAll('[data-later] > noscript')) text.parentElement.innerHTML = text.textContent;
  }
  document.addEventListener('toggle', (e) => unfold(e.target), true);

  const whileIdle = window.requestIdleCallback?.bind(window) ?? ((act) => setTimeout(() => {
    const end = performance.now() + 12;
    act({ timeRemaining: () => end - performance.now() });
  }, 50));

  // prepare reads a list's text, then makes elements of it and reads their values, while nothing else is to be done, so
  // that the first search is as quick as the next.
  function prepare(list) {
    const filters = Array.from(list.form.querySelectorAll('[data-filter]'), (f) => f.dataset.filter);
    const unread = list.later.slice();
    let next = 0;
    whileIdle(function go(idle) {
      while (unread.length > 0 && idle.timeRemaining() > 2) list.entriesIn(unread.shift()).forEach((entry) => list.text(entry));
      let more = true;
      while (unread.length === 0 && idle.timeRemaining() > 5 && (more = list.fillNext()));
      if (!more) list.complete();
      for (; list.entries && next < list.entries.length && idle.timeRemaining() > 2; next++) {
        list.text(list.entries[next]);
        for (const name of filters) list.of(list.entries[next], name);
      }
      if (!list.entries || next < list.entries.length) whileIdle(go);
    });
  }

  const lists = Array.from(document.querySelectorAll('[data-list]'), (root) => new List(root));
  for (const list of lists) prepare(list);
  whileIdle(function unfoldNext() {
    const folded = document.querySelector('[data-later]:has(> noscript)');
    if (!folded) return;
    unfold(folded.parentElement);
    whileIdle(unfoldNext);
  });

  function goToTarget() {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* it is no id of ours then */ }
    const there = id && document.getElementById(id);
    const element = there || id && lists.map((list) => list.find(id)).find(Boolean);
    if (!element) return;
    const left = there && goneOn(there);
    for (const list of lists) list.reveal(element);
    for (let d = element.closest('details'); d; d = d.parentElement.closest('details')) d.open = true;
    if (left) return;
    element.scrollIntoView({ block: 'start' });
    if (!element.hasAttribute('tabindex')) element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  // goneOn tells whether the person has gone on from there: a page that is busy is told late that it was sent somewhere.
  // By then the browser has taken the focus to the place, or from all others; with the link to it, it stands still.
  function goneOn(element) {
    const at = document.activeElement;
    return element.checkVisibility() && ![null, document.body, element].includes(at) && at.hash !== location.hash;
  }
  addEventListener('hashchange', goToTarget);
  if (location.hash) goToTarget();

  // A table that is wider than the page is scrolled; from the keyboard too.
  function reachTables() {
    const wide = Array.from(document.querySelectorAll('.scroll'), (box) => [box, box.scrollWidth > box.clientWidth]);
    for (const [box, scrolls] of wide) {
      if (!scrolls) {
        for (const name of ['tabindex', 'role', 'aria-label']) box.removeAttribute(name);
        continue;
      }
      box.tabIndex = 0;
      box.setAttribute('role', 'group');
      box.setAttribute('aria-label', (box.querySelector('caption')?.textContent || 'Table') + ', scrolls sideways');
    }
  }
  reachTables();
  addEventListener('resize', reachTables);
  document.addEventListener('toggle', reachTables, true);

  // A checklist says how many of its boxes are ticked.
  for (const list of document.querySelectorAll('[data-checklist]')) {
    const said = list.querySelector('[data-ticked]');
    const boxes = list.querySelectorAll('input[type=checkbox]');
    const say = () => { said.textContent = `${Array.from(boxes).filter((b) => b.checked).length} of ${boxes.length} ticked`; };
    list.addEventListener('change', say);
    if (said) say();
  }

  // Paper shows all: what is text yet becomes elements, what is closed opens for printing and closes again.
  let opened = [];
  addEventListener('beforeprint', () => {
    for (const list of lists) list.complete();
    unfold(document);
    opened = Array.from(document.querySelectorAll('details:not([open])'));
    for (const d of opened) d.open = true;
  });
  addEventListener('afterprint', () => {
    for (const d of opened) d.open = false;
    opened = [];
  });
})();
