import Configuration
import Hummingbird
import Logging
import NIOPosix
import ServiceLifecycle
import Yams
