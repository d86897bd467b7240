/// Jinja: a compiled template, ready to be rendered as often as wanted, from any thread.

package struct JinjaTemplate: Sendable {
  let environment: JinjaEnvironment
  let compiled: CompiledTemplate

  package var name: String { compiled.name }

  package func render(_ variables: JinjaDictionary = [:]) throws(JinjaError) -> String {
    let run = Run(environment, compiled, variables)
    defer { run.finish() }
    try run.render(compiled, in: run.context)
    return run.output.text()
  }
}

/// A compiled expression.
package struct JinjaExpression: Sendable {
  let environment: JinjaEnvironment
  let compiled: CompiledTemplate

  /// The value; what is undefined is `null`.
  package func evaluate(_ variables: JinjaDictionary = [:]) throws(JinjaError) -> JinjaValue {
    let run = Run(environment, compiled, variables)
    defer { run.finish() }
    let context = run.context
    try run.render(compiled, in: context)
    guard let result = context.variables["result"] else { return .null }
    return try run.exported(result)
  }
}
