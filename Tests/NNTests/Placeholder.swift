@testable import NN
