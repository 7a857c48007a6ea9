extension StudyPage {
  /// Text sits in a narrow column, pictures and charts in a wide one; every colour pair has a contrast of 4.5 or
  /// more in both schemes.
  static let styleSheet = """
    :root {
      color-scheme: light dark;
      --paper: #fbfaf6; --ink: #211e1a; --quiet: #5d564c; --rule: #d9d3c6; --wash: #f2eee4;
      --accent: #8f3d10; --good: #2c5f2d; --part: #765300; --bad: #98231d;
      --chart-line-1: #211e1a; --chart-line-2: #b0451a; --chart-line-3: #1f6a8c; --chart-line-4: #5f7014;
      --chart-line-5: #74449a; --chart-line-6: #85631a;
      --serif: Charter, "Bitstream Charter", "Sitka Text", Cambria, "Iowan Old Style", Georgia, serif;
      --sans: system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
      --measure: 38rem; --wide: 68rem;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #17171a; --ink: #ebe6dc; --quiet: #b0a898; --rule: #3b3a3d; --wash: #222226;
        --accent: #f2a977; --good: #93cf91; --part: #e6bf66; --bad: #f39b92;
        --chart-line-1: #ebe6dc; --chart-line-2: #f2a977; --chart-line-3: #7ec3e2; --chart-line-4: #bccb6b;
        --chart-line-5: #cda8ec; --chart-line-6: #dcbf78;
      }
    }
    *, *::before, *::after { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
    body {
      margin: 0; padding: 0 1.25rem 4rem; background: var(--paper); color: var(--ink);
      font: 1.0625rem/1.6 var(--serif); font-variant-numeric: oldstyle-nums; overflow-wrap: break-word;
      text-rendering: optimizeLegibility;
    }
    header, nav, main, footer { max-width: var(--wide); margin-inline: auto; }
    p, ul.claims, nav, .finding, h2, h3, .table, footer > p { max-width: var(--measure); margin-inline: auto; }
    p { margin-block: 0 1.1rem; text-wrap: pretty; hyphens: auto; }
    a { color: var(--accent); text-underline-offset: .18em; text-decoration-thickness: .06em; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
    main:focus { outline: none; }
    .skip {
      position: absolute; left: 1rem; top: -5rem; padding: .6rem 1rem; z-index: 1;
      background: var(--ink); color: var(--paper); font-family: var(--sans);
    }
    .skip:focus { top: 1rem; }
    code { font: .86em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }

    .opening { padding-block: clamp(2.5rem, 8vw, 6rem) 1rem; }
    .kicker {
      font: 600 .8rem/1.4 var(--sans); letter-spacing: .09em; text-transform: uppercase; color: var(--accent);
      margin-bottom: .5rem;
    }
    h1, h2, h3, h4 { line-height: 1.18; text-wrap: balance; font-weight: 600; }
    h1 {
      max-width: var(--measure); margin: 0 auto 1.2rem; font-size: clamp(2.2rem, 1.4rem + 4vw, 3.6rem);
      letter-spacing: -.015em;
    }
    .lede { font-size: clamp(1.1rem, 1rem + .6vw, 1.3rem); line-height: 1.5; margin-bottom: 2rem; }
    h2 { font-size: clamp(1.5rem, 1.2rem + 1.4vw, 2rem); margin-block: 0 1rem; letter-spacing: -.01em; }
    h2 .number { color: var(--accent); margin-right: .25em; }
    h3 { font-size: 1.25rem; margin-block: 2.4rem .7rem; }
    h4 { font: 600 .95rem/1.4 var(--sans); margin: 0 0 .4rem; }
    section { padding-block: clamp(2.5rem, 6vw, 4rem) 0; }
    section + section { border-top: 1px solid var(--rule); margin-top: clamp(2.5rem, 6vw, 4rem); }

    nav { padding-block: 1rem; border-block: 1px solid var(--rule); font: .95rem/1.5 var(--sans); }
    nav ol { margin: 0; padding-left: 1.6em; columns: 16rem 2; column-gap: 2rem; }
    nav li { break-inside: avoid; padding-block: .1rem; }
    nav li::marker { color: var(--quiet); }
    nav li { padding-block: .2rem; }

    figure { margin: 0; break-inside: avoid; min-width: 0; }
    figure img, .sheet img {
      display: block; width: 100%; height: auto; border-radius: 2px; background: var(--wash);
    }
    figcaption { font: .875rem/1.4 var(--sans); margin-top: .45rem; font-variant-numeric: tabular-nums lining-nums; }
    figcaption small { font-size: inherit; color: var(--quiet); white-space: nowrap; }
    .pictures { display: grid; gap: 1.4rem 1rem; margin-block: 1.8rem; grid-template-columns: repeat(2, minmax(0, 1fr)); }
    .pictures.two { max-width: 52rem; margin-inline: auto; }
    @media (min-width: 44rem) { .pictures.three { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
    @media (min-width: 52rem) { .pictures.four { grid-template-columns: repeat(4, minmax(0, 1fr)); } }
    .pairs { display: grid; gap: 1.6rem 1rem; margin-block: 1.8rem; }
    .pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .4rem 1rem; align-content: start; }
    .pair h4 { grid-column: 1 / -1; margin: 0; }
    @media (min-width: 52rem) {
      .pairs { grid-template-columns: repeat(6, minmax(0, 1fr)); gap: 1rem; }
      .pair { grid-template-columns: minmax(0, 1fr); gap: .8rem; }
    }
    .missing {
      margin: 0; min-height: 8rem; padding: 1rem; display: grid; place-items: center; text-align: center;
      border: 1px dashed var(--quiet); color: var(--quiet); font: .9rem/1.4 var(--sans); hyphens: none;
      overflow-wrap: anywhere;
    }
    .charts {
      display: grid; gap: 2rem 1.5rem; margin-block: 1.8rem;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr));
    }
    .charts figure { display: flex; flex-direction: column-reverse; justify-content: flex-end; }
    .charts figcaption { margin: 0 0 .6rem; font-weight: 600; }
    .loss-chart { display: block; max-width: 30rem; font-variant-numeric: lining-nums; }

    .table { overflow-x: auto; margin-block: 1.8rem; }
    table { border-collapse: collapse; width: 100%; font: .9rem/1.4 var(--sans); font-variant-numeric: tabular-nums lining-nums; }
    caption { caption-side: top; text-align: left; font-weight: 600; padding-bottom: .5rem; }
    th, td { padding: .4rem .35rem; text-align: right; vertical-align: baseline; border-bottom: 1px solid var(--rule); }
    td { white-space: nowrap; }
    th:first-child { text-align: left; padding-left: 0; }
    th:last-child, td:last-child { padding-right: 0; }
    thead th { font-weight: 400; color: var(--quiet); vertical-align: bottom; }
    tbody th { font-weight: 400; }
    @media (max-width: 30rem) {
      .table table { font-size: .8rem; }
      .table th, .table td { padding-inline: .2rem; }
    }
    .sheet { max-width: 60rem; margin-inline: auto; table-layout: fixed; }
    .sheet th, .sheet td { border: 0; text-align: left; padding: .3rem; white-space: normal; }
    .sheet tbody th { font-weight: 600; padding-top: 1rem; }

    .claims { list-style: none; padding: 0; margin-block: 0 1rem; }
    .claims li { padding-block: .55rem; border-top: 1px solid var(--rule); }
    .claims li:last-child { border-bottom: 1px solid var(--rule); }
    .verdict {
      display: inline-block; font: 600 .75rem/1.3 var(--sans); letter-spacing: .03em; padding: .15rem .5rem;
      border: 1px solid currentColor; border-radius: 1rem; margin-right: .35rem; white-space: nowrap;
      vertical-align: .1em;
    }
    .verdict.agrees { color: var(--good); } .verdict.partly { color: var(--part); } .verdict.differs { color: var(--bad); }
    .finding { margin-block: 1.4rem; padding: .1rem 0 .1rem 1.1rem; border-left: 3px solid var(--rule); }
    .finding.agrees { border-color: var(--good); } .finding.partly { border-color: var(--part); }
    .finding.differs { border-color: var(--bad); }
    .finding p { margin-bottom: .4rem; }
    .finding .claim { font-style: italic; }
    .finding .verdict { font-style: normal; }
    .note, footer { font-size: .95rem; color: var(--quiet); }
    .notice { padding: .8rem 1rem; background: var(--wash); border-left: 3px solid var(--bad); }
    .commands { max-width: 52rem; margin-inline: auto; }
    .commands dt { font: 600 .9rem/1.4 var(--sans); margin-top: .9rem; }
    .commands dd { margin: .15rem 0 0; }
    .commands span { display: inline-block; max-width: 100%; overflow-wrap: anywhere; }
    footer { margin-top: 4rem; padding-top: 1.5rem; border-top: 1px solid var(--rule); }

    @media print {
      :root {
        --paper: #fff; --ink: #000; --quiet: #444; --rule: #bbb; --wash: #fff; --accent: #000; --good: #000;
        --part: #000; --bad: #000; --chart-line-1: #000; --chart-line-2: #000; --chart-line-3: #000;
        --chart-line-4: #000; --chart-line-5: #000; --chart-line-6: #000;
      }
      @page { margin: 18mm 16mm; }
      body { font-size: 10.5pt; padding: 0; }
      nav, .skip { display: none; }
      .opening { padding-top: 0; }
      section { padding-top: 1.2rem; } section + section { margin-top: 1.2rem; }
      h1, h2, h3, h4, caption { break-after: avoid; }
      .finding, .pair, .charts figure, tr, .commands dd { break-inside: avoid; }
      .table { overflow: visible; }
      .pictures.four { grid-template-columns: repeat(4, minmax(0, 1fr)); }
      .pictures.three { grid-template-columns: repeat(3, minmax(0, 1fr)); }
      .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
    }
    """
}
