import Foundation
import StyleTransfer

// The thread that paints, and carries out wishes between two iterations.

extension Studio {
  func work() {
    var painting: Painting?
    while true {
      // Wait for something to do.
      change.lock()
      while orders.isEmpty, state.phase != .running, waiting.isEmpty || isBusy, !isClosed { change.wait() }
      if isClosed { return change.unlock() }
      var next: Order?
      if !orders.isEmpty {
        next = orders.removeFirst()
      } else if state.phase != .running {
        next = .begin(waiting.removeFirst())
      }
      change.unlock()
      if let next {
        do { try carryOut(next, &painting) } catch {
          // A wish that cannot be carried out changes nothing: what is being painted goes on.
          locked {
            if place == nil { state.phase = .failed }
            state.message = "\(error)"
            state.version += 1
          }
        }
      } else if painting != nil {
        do { try paint(&painting!) } catch {
          locked {
            state.phase = .paused
            state.message = "\(error)"
            state.version += 1
          }
        }
      }
    }
  }

  private func paint(_ painting: inout Painting) throws {
    let begin = ContinuousClock.now
    let iteration = try painting.next(shouldStop: { locked { !orders.isEmpty || isClosed } })
    let seconds = (ContinuousClock.now - begin) / .seconds(1)
    let place = painting.place
    locked {
      self.place = place
      if let iteration {
        let point = StudioState.Point(iteration)
        points.append(point)
        (state.iteration, state.evaluations) = (point, iteration.evaluations)
        pace.note(iteration, seconds: seconds)
      } else if painting.ending != .stopped {
        state.phase = .ended
        state.isWhole = true
        if case .settled(let reason) = painting.ending { state.message = reason } else { state.message = nil }
      }
      state.frame += 1
      state.version += 1
    }
  }

  private func carryOut(_ order: Order, _ painting: inout Painting?) throws {
    switch order {
    case .begin(let wish):
      locked {
        state.phase = .preparing
        state.message = nil
        place = nil
        (points, nodes, nodeCount) = ([], [:], 0)
        (state.nodes, state.node, state.iteration, state.hasMask) = ([], nil, nil, false)
        state.version += 1
        isChanged = false
      }
      painting = nil
      let prepared = try prepare(wish)
      painting = try Painting(
        prepared, network: network, weightsSHA256: weightsSHA256, knownStyles: knownStyles,
        memoryLimit: memoryLimit)
      tell(wish, painting!)
      locked {
        state.phase = .running
        state.message = prepared.recipe.precisionNote
        // Now that all of it can be told: pages take it over.
        state.path += 1
      }
    case .change(let wish):
      guard let old = painting else { return }
      let prepared = try prepare(wish)
      var label = locked { Self.difference(old.prepared.recipe, prepared.recipe, self.wish, wish) }
      if label.isEmpty {
        // A change of nothing: to go on after the end is one all the same.
        guard locked({ state.phase == .ended }) else { return }
        label = "more iterations"
      }
      remember(old.place, label: label)
      painting = try old.changing(to: prepared, kept: old.kept)
      tell(wish, painting!)
      locked {
        isChanged = true
        // A painting that had ended goes on, since that is why one changes it; one that is paused waits.
        if state.phase != .paused { state.phase = .running }
        state.message = nil
      }
    case .back(let number):
      guard let old = painting, let node = locked({ nodes[number] }) else { return }
      if old.place.iteration != nil, locked({ !isAtNode(old) }) { remember(old.place, label: "left here") }
      painting = try Painting(
        node.place.prepared, network: network, weightsSHA256: weightsSHA256, knownStyles: knownStyles,
        goingOnFrom: node.place, memoryLimit: memoryLimit)
      tell(node.wish, painting!)
      locked {
        points = node.points
        isChanged = true
        state.path += 1
        state.node = number
        state.iteration = points.last
        // Looking back is no wish to paint: it goes on when that is asked for.
        state.phase = .paused
        state.message = nil
      }
    case .keep(let part):
      guard let old = painting else { return }
      remember(old.place, label: part == nil ? "nothing kept" : "part kept")
      painting = try old.changing(to: old.prepared, kept: part)
      tell(locked { wish }, painting!)
      locked {
        isChanged = true
        if state.phase == .ended { state.phase = .running }
      }
    case .pause:
      locked { if state.phase == .running { state.phase = .paused } }
    case .resume:
      locked { if painting != nil, state.phase == .paused { (state.phase, state.message) = (.running, nil) } }
    case .stop:
      locked {
        if isBusy {
          state.phase = place == nil ? .idle : .ended
          state.message = "stopped"
        }
      }
    }
    locked { state.version += 1 }
  }

  private func prepare(_ wish: StudioWish) throws -> PreparedRecipe {
    let prepared = try PreparedRecipe(wish.recipe(locked { pictures }))
    let plan = RunPlan(prepared, memoryLimit: memoryLimit)
    try plan.checkMemory()
    locked { state.memoryPlanned = plan.memory.peak.bytes }
    return prepared
  }

  /// Whether the painting is still at the place in the history that it was taken back to.
  private func isAtNode(_ painting: Painting) -> Bool {
    guard let node = state.node, let place = nodes[node]?.place else { return false }
    return place.iteration?.number == painting.iteration?.number && points.count == nodes[node]?.points.count
  }

  private func remember(_ place: Painting.Place, label: String) {
    locked {
      let told = StudioState.Node(
        id: nodeCount, parent: state.node, label: label, iteration: place.iteration?.number ?? 0,
        side: place.side,
        loss: place.best?.total)
      nodes[nodeCount] = Node(place: place, wish: wish, points: points, isChanged: isChanged, told: told)
      state.nodes.append(told)
      state.node = nodeCount
      nodeCount += 1
      if state.nodes.count > Self.nodeLimit { nodes[state.nodes.removeFirst().id] = nil }
    }
  }

  /// Tells what is painted now.
  private func tell(_ wish: StudioWish, _ painting: Painting) {
    let recipe = painting.prepared.recipe
    let plain = try? wish.recipe(locked { pictures })
    let place = painting.place
    locked {
      self.wish = wish
      self.place = place
      state.kind = recipe.kind
      state.mask = wish.mask.flatMap { pictures[$0] }.map(StudioState.Source.init)
      state.hasMask = state.mask != nil || painting.kept != nil
      state.content = wish.content.flatMap { pictures[$0] }.map(StudioState.Source.init)
      state.styles = wish.styles.compactMap { pictures[$0] }.map(StudioState.Source.init)
      state.settings = SettingValue.settings(recipe)
      state.wished = wish.settings
      (state.width, state.height) = (painting.prepared.width, painting.prepared.height)
      state.sides = painting.prepared.stages.map(\.side)
      state.iterations = painting.prepared.iterations
      state.command = plain?.commandLine
      state.frame += 1
      state.isWhole = false
      pace = Pace(painting.prepared.stages, from: place)
    }
  }

  /// What two recipes differ in, in words.
  private static func difference(_ old: Recipe, _ new: Recipe, _ wish: StudioWish, _ other: StudioWish)
    -> String
  {
    let (before, after) = (SettingValue.settings(old), SettingValue.settings(new))
    let follows: Set<String> = ["scales", "version", "style", "content"]
    var parts = Set(before.keys).union(after.keys).sorted().filter {
      !follows.contains($0) && !$0.hasSuffix("sha256") && before[$0] != after[$0]
    }.map { name in
      switch after[name] {
      case .number(let number): "\(name) \(String(format: "%.4g", number))"
      case let value?: "\(name) \(value.typed)"
      case nil: "no \(name)"
      }
    }
    if wish.styles != other.styles { parts.append("other paintings") }
    if wish.content != other.content { parts.append("another photograph") }
    // Masks that are painted here have one name.
    if wish.mask != other.mask, before["mask"] == after["mask"] { parts.append("another mask") }
    if parts.isEmpty, before["scales"] != after["scales"] { parts.append("iterations") }
    return parts.joined(separator: ", ")
  }
}
