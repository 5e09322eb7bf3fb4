// Of axe-core's results only what is kept crosses the wire: about a tenth.
(results) => {
  const node = (one) => ({
    target: one.target,
    html: one.html.slice(0, 500),
    impact: one.impact,
    message: one.failureSummary || '',
    checks: [...one.any, ...one.all, ...one.none].map((check) => check.id),
  });
  const rule = (one) => ({
    id: one.id,
    impact: one.impact,
    tags: one.tags,
    help: one.help,
    description: one.description,
    nodes: one.nodes.map(node),
  });
  return {
    version: results.testEngine.version,
    violations: results.violations.map(rule),
    incomplete: results.incomplete.map(rule),
    passes: results.passes.map((one) => one.id),
    inapplicable: results.inapplicable.map((one) => one.id),
  };
}
