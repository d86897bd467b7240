/// DHCPProxy: what each strategy puts into its packets.

import Wire

/// Every reply has siaddr and sname (our address), 53, 54, 60, the client's 97, and 82 last. What
/// differs is where the file stands and what option 43 says, in the offer on port 67 and in the answer
/// to a boot server question (port 4011, or 43.71 on port 67).
///
/// | strategy             | offer: file     | offer: 43        | 4011: file      | 4011: 43         | more        |
/// |----------------------|-----------------|------------------|-----------------|------------------|-------------|
/// | everything           | `file`          | 6 = 8            | `file`          | 6 = 8            |             |
/// | everythingWithPrompt | `file`          | 6 = 8, 10        | `file`          | 6 = 8, 10        |             |
/// | bootServer           | `file`          | -                | `file`          | -                |             |
/// | bootServerOnly       | -               | -                | `file`          | -                |             |
/// | menu                 | -               | 6 = 7, 8, 9, 10  | `file`          | -                |             |
/// | httpClient           | `file` and 67   | -                | never asked     |                  | 60 = HTTPClient |
/// | script               | `file` or 67    | 6 = 8            | `file` or 67    | 6 = 8            | 175.1 = 1   |
/// | raspberryPi          | -               | 6 = 3, 8, 9, 10  | -               | 6 = 3, 8, 9, 10  | 66          |
///
/// A question with 43.71 gets 43 = its 71 in each of them (PXE 2.1 §2.3).
struct AnswerShape {
  enum FilePlace: Equatable {
    case nowhere
    /// The header's field, up to 127 bytes and a NUL.
    case header
    /// Both: HTTP Boot reads 67 first, and `file` has what fits.
    case headerAnd67
    /// 67 for what the header's field can't hold; iPXE reads 67 when the field is empty.
    case headerOr67
  }

  enum VendorAnswer: Equatable {
    case none, useOfferedFile, useOfferedFileWithPrompt, menu, raspberryPi

    func options(server: IPv4Address) -> VendorOptions? {
      switch self {
      case .none: nil
      case .useOfferedFile: .useOfferedFile
      case .useOfferedFileWithPrompt: .useOfferedFileWithPrompt
      case .menu: .menu(server: server)
      case .raspberryPi: .raspberryPi(server: server)
      }
    }
  }

  var offer: (file: FilePlace, vendor: VendorAnswer)
  var bootServer: (file: FilePlace, vendor: VendorAnswer)
  /// `PXEClient` or `HTTPClient`, never more: longer strings are compared by some firmware.
  var vendorClass = "PXEClient"
  /// Option 175, for iPXE alone.
  var etherboot: [UInt8]?
  /// Our address in option 66 as well. Never for UEFI, which has no use for it.
  var inOption66 = false
}

extension Strategy {
  /// The table above, line by line.
  var shape: AnswerShape {
    switch self {
    case .everything:
      AnswerShape(offer: (.header, .useOfferedFile), bootServer: (.header, .useOfferedFile))
    case .everythingWithPrompt:
      AnswerShape(
        offer: (.header, .useOfferedFileWithPrompt),
        bootServer: (.header, .useOfferedFileWithPrompt))
    case .bootServer:
      AnswerShape(offer: (.header, .none), bootServer: (.header, .none))
    case .bootServerOnly:
      AnswerShape(offer: (.nowhere, .none), bootServer: (.header, .none))
    case .menu:
      AnswerShape(offer: (.nowhere, .menu), bootServer: (.header, .none))
    case .httpClient:
      AnswerShape(
        offer: (.headerAnd67, .none), bootServer: (.headerAnd67, .none), vendorClass: "HTTPClient")
    case .script:
      AnswerShape(
        offer: (.headerOr67, .useOfferedFile), bootServer: (.headerOr67, .useOfferedFile),
        etherboot: EtherbootOptions.raisedPriority)
    case .raspberryPi:
      AnswerShape(
        offer: (.nowhere, .raspberryPi), bootServer: (.nowhere, .raspberryPi), inOption66: true)
    }
  }
}
