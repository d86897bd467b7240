/// BMCStub: what is odd about a stub BMC.

package import IPMI

extension StubBMC {
  /// Each property is a habit of a BMC or a server that exists.
  package struct Personality: Sendable {
    package var suites: [CipherSuite] = [.suite3, .suite17]
    package var username = "admin"
    package var password = "20-byte-password-xxy"
    package var kg: String?
    package var privilegeLimit = PrivilegeLevel.administrator
    /// Answers suite 3 whatever was asked (pyghmi's BMC).
    package var downgrades = false
    /// Errors of Open Session are two bytes long (ipmi_sim).
    package var sendsShortErrors = false
    /// OpenBMC.
    package var answersWithTagZero = false
    /// Tyan.
    package var answersWithIDZero = false
    /// Unknown user: no answer (pyghmi's BMC).
    package var isSilentForStrangers = false
    /// True: users are known by name and privilege only (Intel SE7520AF2). False: by name only
    /// (OpenBMC). nil: both.
    package var looksUpByBoth: Bool?
    /// Takes only "the highest" in Open Session (an early Tyan).
    package var wantsOpenHighest = false
    /// Names are padded to 16 bytes (Intel SE7520AF2).
    package var padsNames = false
    /// The look-up bit is left out of the formulas (Intel 82571).
    package var ignoresLookUpBit = false
    /// RAKP 2's code is so many bytes too long, or too short (old Supermicro).
    package var extraCodeBytes = 0
    /// Refuses commands until the privilege was set, even to what it is (iDRAC).
    package var wantsPrivilegeSet = false
    /// All sessions are taken.
    package var tableIsFull = false
    /// Errors out on the bit of IPMI 2.0 in the first question.
    package var refusesExtendedProbe = false
    /// Says which suites it has, when asked.
    package var listsSuites = true
    /// False: a BMC of IPMI 1.5 times.
    package var speaksRMCPPlus = true
    /// The ways to log in with IPMI 1.5.
    package var legacy: Set<LegacyAuthentication> = []
    /// IPMI 1.5: packets are not signed once the session is there.
    package var signsOnlyLogin = false
    /// Answers 0xd5 to cycle and reset when the machine is off, and says once that it is on.
    package var wronglyOnOnce = false
    /// Accepts power commands and does nothing.
    package var ignoresPower = false
    /// Which bits of boot flags byte 1 survive; ipmi_sim: none.
    package var keptFlagBits: UInt8 = 0xff
    package var forgetsBootDevice = false
    /// So many commands are answered with 0xc0 first.
    package var busyTimes = 0
    /// Sends every answer of a session twice.
    package var answersTwice = false
    package var checksumsAreWrong = false
    /// Answers inside the session are not authenticated: a forger, or a very bad BMC.
    package var forgetsToSign = false
    /// Does what a power command says, without answering it.
    package var swallowsControlAnswers = false
    /// There is a serial console, which writes back what it reads.
    package var hasSerial = true
    /// What the machine writes each time that somebody begins to listen; at most 60 bytes.
    package var serialGreeting: [UInt8] = []
    /// The most characters that the console takes at once.
    package var serialAppetite = 255
    /// So many packets to the console are refused first.
    package var serialRefusals = 0

    package init() {}
  }
}
