/** A page in the markup of a generator: words that begin with `bad` are no part of its text. */
export interface Markup {
  readonly title: string;
  readonly html: string;
}

const head = (title: string, more = ""): string =>
  `<head><meta charset="utf-8"><title>${title}</title>${more}<script>badScript()</script><style>.bad{}</style></head>`;

const NAV = '<nav aria-label="badNav"><ul><li><a href="/">badHome</a></li></ul></nav>';

/** Pages as these generators and themes write them, shortened. */
export const MARKUPS: Readonly<Record<string, Markup>> = {
  Starlight: {
    title: "Install it",
    html: `<!doctype html><html lang="en" dir="ltr">${head("Install it | Site")}<body>
      <header class="header"><a class="site-title">badSite</a></header>${NAV}
      <main data-pagefind-body lang="en" dir="ltr"><div class="content-panel"><h1 id="_top">Install it</h1></div>
      <div class="sl-markdown-content"><p>goodText</p>
        <div class="sl-heading-wrapper level-h2"><h2 id="usage">goodHeading</h2>
          <a class="sl-anchor-link" href="#usage"><span class="sr-only">badSection titled</span></a></div>
        <aside aria-label="Note" class="starlight-aside"><p class="starlight-aside__title" aria-hidden="true"><svg><title>badIcon</title></svg>goodNote</p><p>goodAside</p></aside>
        <starlight-tabs><ul role="tablist"><li role="presentation"><a role="tab" href="#p">goodTab</a></li></ul>
          <div role="tabpanel" id="p"><p>goodPanel</p></div><div role="tabpanel" id="q" hidden><p>goodOther</p></div></starlight-tabs>
        <starlight-file-tree data-pagefind-ignore><ul><li>goodFile</li></ul></starlight-file-tree>
        <div class="expressive-code"><figure><figcaption><span class="title">goodTitle</span></figcaption><pre data-language="js"><code><div class="ec-line"><div class="gutter"><div class="ln" aria-hidden="true">badNumber</div></div><div class="code">goodCode</div></div></code></pre><div class="copy"><div aria-live="polite"></div><button title="badButton">badCopy</button></div></figure></div>
      </div><footer><a href="/next/">badNext</a></footer></main></body></html>`,
  },
  VitePress: {
    title: "Install it",
    html: `<!doctype html><html lang="en-US">${head("Install it | Site")}<body><div id="app"><header class="VPNav">badSite</header>
      <aside class="VPSidebar">${NAV}<p>badSidebar</p></aside><div class="VPDoc"><main class="main"><div class="vp-doc _install"><div>
      <h1 id="install-it" tabindex="-1">Install it <a class="header-anchor" href="#install-it" aria-label="Permalink">​</a></h1><p>goodText</p>
      <div class="language-sh vp-adaptive-theme line-numbers-mode"><button title="Copy Code" class="copy">badCopy</button><span class="lang">badSh</span><pre class="shiki"><code><span class="line">goodCode</span></code></pre><div class="line-numbers-wrapper" aria-hidden="true"><span class="line-number">badNumber</span></div></div>
      </div></div></main><footer class="VPDocFooter">badNext</footer></div></div></body></html>`,
  },
  Docusaurus: {
    title: "Install it",
    html: `<!doctype html><html lang="en" class="docs-version-1.2">${head("Install it | Site", '<meta name="docusaurus_version" content="1.2"><meta name="docsearch:version" content="1.2">')}<body>
      <nav class="navbar">badSite</nav><main><div class="row"><div class="col"><article><nav class="theme-doc-breadcrumbs">badCrumb</nav>
      <span class="theme-doc-version-badge badge">badVersion</span><div class="tocCollapsible theme-doc-toc-mobile"><button>badOnThisPage</button></div>
      <div class="theme-doc-markdown markdown"><header><h1>Install it</h1></header><p>goodText</p>
      <h2 class="anchor" id="usage">goodHeading<a href="#usage" class="hash-link" aria-label="Direct link" title="badTitle">badSign</a></h2>
      <div role="tabpanel" hidden>goodPanel</div></div>
      <footer class="theme-doc-footer">badEdit</footer></article><nav class="pagination-nav">badNext</nav></div></div></main></body></html>`,
  },
  "MkDocs Material": {
    title: "Install it",
    html: `<!doctype html><html lang="en" class="no-js">${head("Install it - Site")}<body><header class="md-header">badSite</header>
      <div class="md-container"><main class="md-main"><div class="md-sidebar">${NAV}</div><div class="md-content" data-md-component="content"><article class="md-content__inner md-typeset">
      <a href="/edit" title="Edit" class="md-content__button md-icon"><svg><path/></svg></a><h1 id="install">Install it<a class="headerlink" href="#install" title="Permanent link">¶</a></h1><p>goodText</p>
      <div class="admonition note"><p class="admonition-title">goodNote</p><p>goodAside</p></div>
      <table class="highlighttable"><tr><td class="linenos"><div class="linenodiv"><pre>badNumber</pre></div></td><td class="code"><div class="highlight"><pre><code>goodCode</code></pre></div></td></tr></table>
      <aside class="md-source-file"><span>badDate</span></aside></article></div></main></div></body></html>`,
  },
  Sphinx: {
    title: "Install it",
    html: `<!DOCTYPE html><html lang="en">${head("Install it &#8212; Site 1.0 documentation")}<body><div class="document"><div class="documentwrapper"><div class="bodywrapper"><div class="body" role="main">
      <section id="install-it"><h1>Install it<a class="headerlink" href="#install-it" title="Permalink">¶</a></h1><p>goodText</p>
      <dl class="py function"><dt id="f"><code>goodName</code><a class="reference internal" href="_modules/f.html"><span class="viewcode-link"><span class="pre">badSource</span></span></a><a class="headerlink" href="#f">¶</a></dt><dd><p>goodDoc</p></dd></dl></section>
      </div></div></div><div class="sphinxsidebar" role="navigation"><p>badSidebar</p></div></div><div class="footer">badFooter</div></body></html>`,
  },
  Hugo: {
    title: "Install it",
    html: `<!DOCTYPE html><html lang="en"><head><meta name="generator" content="Hugo 0.111.3"><title>Install it :: Site</title></head><body><header><h1><a href="/">badSite</a></h1></header>${NAV}
      <main><article><header><h1>Install it</h1></header><p>goodText</p><h2 id="usage">goodHeading <a class="anchor" href="#usage">#</a></h2>
      <div class="highlight"><div class="chroma"><table class="lntable"><tr><td class="lntd"><pre class="chroma"><code><span class="lnt">badNumber</span></code></pre></td><td class="lntd"><pre class="chroma"><code class="language-sh">goodCode</code></pre></td></tr></table></div></div></article></main><footer>badFooter</footer></body></html>`,
  },
  Jekyll: {
    title: "Install it",
    html: `<!DOCTYPE html><html lang="en"><head><title>Install it | Site</title><meta name="generator" content="Jekyll v4.3.1"><meta property="og:title" content="Install it"><meta property="og:site_name" content="Site"></head><body><header class="site-header" role="banner">badSite ${NAV}</header>
      <main class="page-content" aria-label="Content"><div class="wrapper"><article class="post"><header class="post-header"><h1 class="post-title">Install it</h1></header><div class="post-content"><p>goodText<sup id="fnref:1"><a href="#fn:1" class="footnote">1</a></sup></p>
      <div class="footnotes" role="doc-endnotes"><ol><li id="fn:1"><p>goodFootnote <a href="#fnref:1" class="reversefootnote" role="doc-backlink">&#8617;</a></p></li></ol></div></div></article></div></main><footer>badFooter</footer></body></html>`,
  },
  mdBook: {
    title: "Install it",
    html: `<!DOCTYPE HTML><html lang="en" class="light"><head><!-- Book generated using mdBook --><title>Install it - The Site</title></head><body><nav id="sidebar" class="sidebar">badChapter</nav><div id="page-wrapper"><div class="page"><div id="menu-bar"><div class="left-buttons"><button>badMenu</button></div><h1 class="menu-title">The Site</h1></div>
      <div id="content" class="content"><main><h2 id="install-it"><a class="header" href="#install-it">goodHeading</a></h2><p>goodText</p><pre><code class="language-rust">goodCode</code></pre></main><nav class="nav-wrapper">badNext</nav></div></div></div></body></html>`,
  },
  Nextra: {
    title: "Install it",
    html: `<!DOCTYPE html><html lang="en" dir="ltr"><head><title>Install it – Site</title></head><body><a href="#nextra-skip-nav">badSkip</a><header class="nextra-navbar">badSite</header><div><aside class="nextra-sidebar">badSidebar</aside><nav class="nextra-toc">badToc</nav>
      <article><div class="nextra-breadcrumb">badCrumb</div><main data-pagefind-body="true"><h1>Install it</h1><p>goodText</p><h2>goodHeading<a href="#usage" id="usage" class="subheading-anchor" aria-label="Permalink for this section"></a></h2>
      <div class="nextra-code"><pre tabindex="0"><code class="language-sh"><span>goodCode</span></code></pre><div><button title="Copy code">badCopy</button></div></div></main></article></div><footer>badFooter</footer></body></html>`,
  },
  "plain HTML": {
    title: "Install it",
    html: `<title>Install it</title><nav>badNav</nav><h2>goodHeading</h2><p>goodText</p><script>bad()</script>`,
  },
};
