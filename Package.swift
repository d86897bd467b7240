// swift-tools-version: 6.2
import PackageDescription

// The iPXE binaries that go into the executable, from Debian's package `ipxe`.
let loaders = Context.environment["FINO_IPXE_DIRECTORY"] ?? "/usr/lib/ipxe"

// Everything is compiled in Swift 6 language mode (strict concurrency); these upcoming features
// make imports and existentials say what they are.
let house: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

// `fino` is one fully static ELF; only its link step knows. The archives after -static-executable
// are what Foundation autolinks when it is compiled statically, and what it needs in turn.
let fullyStatic: [LinkerSetting] = [
  .unsafeFlags(
    ["-static-stdlib", "-static-executable"]
      + [
        "FoundationInternationalization", "FoundationEssentials", "CoreFoundation",
        "_FoundationICU", "_FoundationCShims", "_FoundationCollections",
        "swiftSynchronization", "swift_RegexParser", "stdc++", "m",
      ].map { "-l\($0)" })
]

/// A room: a target whose arrows go down only (see CONTRIBUTING.md; `HouseTests` checks the imports).
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: house)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: house)
}

let package = Package(
  name: "fino",
  products: [
    .executable(name: "fino", targets: ["fino"]),
    .executable(name: "fino-bench", targets: ["FinoBench"]),
  ],
  dependencies: [
    // The command line: verbs, flags, --help.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Settings: command line over environment over file over defaults.
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
    // HMAC and AES-CBC for RMCP+ (IPMI), digests of files, without a C library of its own to install.
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    // HTTP statuses and header names, as Hummingbird has them.
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    // Structured logs.
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    // The event loops and channels below the HTTP server.
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    // The codec handler through which files are sent without a copy.
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    // SQLite: jobs and boot events that survive a crash.
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // TLS below the HTTP client: pinned certificates of BMCs.
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.36.0"),
    // The HTTP server and its router.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    // YAML with line numbers, so that a mistake in the configuration names its line.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // The HTTP client: images of mirrors, with proxies and TLS; the command line's `--server`.
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    // Start, graceful stop and signals of all services as one group.
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // Layer 0
    room("Wire"),
    room("Jinja"),
    .target(name: "CSockets"),
    .target(name: "CProcess"),
    // zlib: captures that are compressed by gzip.
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "CBootLoaders",
      cSettings: [
        .define("FINO_UNDIONLY_KPXE", to: "\"\(loaders)/undionly.kpxe\""),
        .define("FINO_SNPONLY_EFI", to: "\"\(loaders)/snponly.efi\""),
        .unsafeFlags(["-std=c23", "-Wno-c23-extensions"]),
      ]),

    // Layer 1
    room("Datagram", ["Wire", "CSockets"]),
    room("PacketCapture", ["Wire", "CZlib"]),
    room("Inventory", ["Wire", "Jinja", .product(name: "GRDB", package: "GRDB.swift")]),

    // Layer 2
    room("DHCPProxy", ["Wire", "Datagram", .product(name: "Logging", package: "swift-log")]),
    room("DHCPv6Proxy", ["Wire", "Datagram"]),
    room("TFTP", ["Wire", "Datagram", .product(name: "Logging", package: "swift-log")]),
    room(
      "IPMI",
      [
        "Wire", "Datagram",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "CryptoExtras", package: "swift-crypto"),
      ]),
    room(
      "Images",
      [
        "Wire",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),

    // Layer 3
    room(
      "Power",
      [
        "Wire", "IPMI", "CProcess",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    room("BootDoctor", ["Wire", "PacketCapture", "DHCPProxy", "DHCPv6Proxy", "TFTP"]),

    // Layer 4
    room(
      "HTTPBoot",
      [
        "Wire", "Images", "CSockets",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
      ]),
    room(
      "ControlAPI",
      [
        "Wire", "Jinja", "Inventory",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),

    // Layer 5
    room(
      "Appliance",
      [
        "Wire", "CSockets", "Jinja", "Datagram", "Inventory", "CBootLoaders", "DHCPProxy",
        "DHCPv6Proxy",
        "TFTP",
        "Images", "Power", "HTTPBoot", "ControlAPI", "IPMI", "PacketCapture", "BootDoctor",
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "Yams", package: "Yams"),
      ]),
    room("Lab", ["Wire"]),

    // Layer 6
    .executableTarget(
      name: "fino",
      dependencies: [
        "Wire", "Datagram", "Inventory", "IPMI", "Power", "ControlAPI", "Appliance", "Lab",
        "PacketCapture", "BootDoctor", "DHCPProxy",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOFoundationCompat", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: house,
      linkerSettings: fullyStatic),

    // Fino beside its peers: `make bench`.
    .target(name: "CLoad", path: "Benchmarks/CLoad"),
    .executableTarget(
      name: "FinoBench",
      dependencies: [
        "Wire", "Jinja", "Datagram", "IPMI", "PacketCapture", "Lab", "CLoad", "BMCStub",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/FinoBench", swiftSettings: house),

    // One folder a room, files mirror the room's.
    .target(name: "Fixtures", path: "Fixtures", sources: ["Fixtures.swift", "SeededRandom.swift"]),
    .target(
      name: "NetworkLab", dependencies: ["Wire", "Datagram"], path: "Tests/NetworkLab",
      swiftSettings: house),
    tests("WireTests", ["Wire", "Fixtures"]),
    tests("DatagramTests", ["Wire", "Datagram", "NetworkLab"]),
    tests("PacketCaptureTests", ["Wire", "PacketCapture", "Fixtures"]),
    tests(
      "InventoryTests",
      ["Wire", "Jinja", "Inventory", "Fixtures", .product(name: "GRDB", package: "GRDB.swift")]),
    tests(
      "TFTPTests",
      [
        "Wire", "Datagram", "TFTP", "PacketCapture", "Fixtures",
        .product(name: "Logging", package: "swift-log"),
      ]),
    .target(
      name: "BMCStub", dependencies: ["Wire", "Datagram", "IPMI", "Fixtures"],
      path: "Tests/BMCStub", swiftSettings: house),
    tests("IPMITests", ["Wire", "Datagram", "IPMI", "BMCStub", "Fixtures"]),
    tests(
      "BootDoctorTests", ["Wire", "PacketCapture", "DHCPProxy", "BootDoctor", "Fixtures"]),
    tests(
      "PowerTests",
      [
        "Wire", "Datagram", "IPMI", "Power",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    tests(
      "HTTPBootTests",
      [
        "Wire", "Images", "HTTPBoot",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    tests(
      "ControlAPITests",
      [
        "Wire", "Inventory", "ControlAPI",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
      ]),
    tests(
      "ApplianceTests",
      [
        "Wire", "Datagram", "Inventory", "DHCPProxy", "TFTP", "HTTPBoot", "PacketCapture", "IPMI",
        "BootDoctor", "Appliance", "BMCStub", "Fixtures",
      ]),
    tests("HouseTests", []),
    tests("LabTests", ["Wire", "PacketCapture", "Lab", "NetworkLab"]),
    tests(
      "ImagesTests",
      [
        "Wire", "Images",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    tests("JinjaTests", ["Jinja", "Fixtures"]),
    tests(
      "DHCPProxyTests",
      ["Wire", "Datagram", "DHCPProxy", "PacketCapture", "Fixtures", "NetworkLab"]),
    tests(
      "DHCPv6ProxyTests", ["Wire", "Datagram", "DHCPv6Proxy", "PacketCapture", "Fixtures"]),
  ],
  swiftLanguageModes: [.v6]
)

// `make fuzz`: links libFuzzer, which only that command asks the compiler for.
if Context.environment["FINO_FUZZING"] == "1" {
  package.targets += [
    .target(name: "CLibFuzzer", path: "Fuzzing/CLibFuzzer"),
    .executableTarget(
      name: "FinoFuzz",
      dependencies: [
        "CLibFuzzer", "Wire", "DHCPProxy", "DHCPv6Proxy", "TFTP", "IPMI", "PacketCapture",
        "BootDoctor", "Power",
      ],
      path: "Fuzzing/FinoFuzz", swiftSettings: house),
  ]
  package.products.append(.executable(name: "fino-fuzz", targets: ["FinoFuzz"]))
}
