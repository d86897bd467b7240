/// ControlAPI: which status each failure of the catalogue or of a power command is.

import Hummingbird
import Inventory

extension ControlRefusal {
  init(_ error: CatalogueError) {
    let status: HTTPResponse.Status =
      switch error {
      case .unknown, .parameterMissing: .notFound
      case .exists, .badName, .notJSON, .alreadyInstalled, .notInstalled, .groupsMalformed,
        .notPlainText:
        .badRequest
      case .tooLarge: .contentTooLarge
      case .changedMeanwhile: .conflict
      case .notText, .rendering, .parameters: .unprocessableContent
      case .unavailable, .notFollowed: .serviceUnavailable
      }
    self.init(status, error.description)
  }

  init(_ problem: HostPower.Problem) {
    switch problem {
    case .missing(let sentence): self.init(.notFound, sentence)
    case .noDriver(let sentence): self.init(.badRequest, sentence)
    case .failed(let sentence): self.init(.badGateway, sentence)
    }
  }
}
