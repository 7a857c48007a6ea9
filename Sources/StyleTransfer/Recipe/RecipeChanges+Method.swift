// The network and the optimiser of a recipe as flat settings: how they are laid over a recipe, and how they are written.

extension RecipeChanges {
  func applyMethod(to recipe: inout Recipe) throws(RecipeError) {
    if let pooling { recipe.pooling = pooling }
    if let padding {
      recipe.padding = padding
    } else if tileable == true {
      recipe.padding = .circular
    }
    if let precision { recipe.precision = precision }
    switch optimizer {
    case .lbfgs: recipe.method = .lbfgs()
    case .adam: recipe.method = .adam()
    case .pyramid: recipe.method = .pyramid()
    case nil: break
    }
    switch recipe.method {
    case .lbfgs(let steps, let filter):
      if learningRate != nil {
        throw RecipeError("--learning-rate goes with --optimizer adam or pyramid only")
      }
      recipe.method = .lbfgs(history: history ?? steps, frequencyFilter: frequencyFilter ?? filter)
    case .adam(let rate), .pyramid(let rate):
      if history != nil { throw RecipeError("--history goes with --optimizer lbfgs only") }
      if frequencyFilter != nil { throw RecipeError("--frequency-filter goes with --optimizer lbfgs only") }
      if case .adam = recipe.method {
        recipe.method = .adam(learningRate: learningRate ?? rate)
      } else {
        recipe.method = .pyramid(learningRate: learningRate ?? rate)
      }
    }
    if let stopWhenSettled { recipe.stopsWhenSettled = stopWhenSettled }
    if let seed { recipe.seed = seed }
    if let weightsSHA256 { recipe.weightsSHA256 = weightsSHA256 }
    if let stoppedAtIteration { recipe.stoppedAtIteration = stoppedAtIteration }
  }
}

extension Recipe {
  func encodeMethod(to container: inout KeyedEncodingContainer<RecipeKey>) throws {
    try container.encode(pooling, forKey: .pooling)
    try container.encode(padding, forKey: .padding)
    // Pictures that do not name it were made in full precision, also those of before there was another.
    if precision != .full { try container.encode(precision, forKey: .precision) }
    try container.encode(method.name, forKey: .optimizer)
    switch method {
    case .lbfgs(let history, let frequencyFilter):
      try container.encodeIfPresent(history, forKey: .history)
      try container.encode(frequencyFilter, forKey: .frequencyFilter)
    case .adam(let learningRate), .pyramid(let learningRate):
      try container.encode(learningRate, forKey: .learningRate)
    }
    try container.encode(stopsWhenSettled, forKey: .stopWhenSettled)
    try container.encode(seed, forKey: .seed)
    try container.encodeIfPresent(weightsSHA256, forKey: .weightsSHA256)
    try container.encodeIfPresent(stoppedAtIteration, forKey: .stoppedAtIteration)
  }
}
