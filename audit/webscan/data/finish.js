// Joins the parts of a page's documents (JSON texts) into results, twice, for axe-core makes its
// messages only now and in one language at a time. Of them only what is kept crosses the wire.
async (parts, options, chinese) => {
  const joined = () => axe.finishRun(parts.map((part) => JSON.parse(part)), options);
  axe.reset();
  const english = await joined();
  axe.configure({ locale: chinese });
  const translated = await joined();

  const node = (one, same) => ({
    target: one.target,
    html: one.html.slice(0, 500),
    impact: one.impact,
    message: { zh: same.failureSummary || '', en: one.failureSummary || '' },
    checks: [...one.any, ...one.all, ...one.none].map((check) => check.id),
  });
  const rules = (kind) => english[kind].map((one, row) => ({
    id: one.id,
    impact: one.impact,
    tags: one.tags,
    nodes: one.nodes.map((each, column) => node(each, translated[kind][row].nodes[column])),
  }));
  return {
    version: english.testEngine.version,
    violations: rules('violations'),
    incomplete: rules('incomplete'),
    passes: english.passes.map((one) => one.id),
    inapplicable: english.inapplicable.map((one) => one.id),
  };
}
