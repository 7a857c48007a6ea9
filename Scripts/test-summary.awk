# Sums up what Swift Testing printed: what went wrong, then 'N passed, N failed[, N skipped]'.
# Exits with 1 if a test failed, if the test process ended before its tests did, or if no test ran.
#
# Usage: awk -v status=EXIT-STATUS -v log_name=FILE -f Scripts/test-summary.awk FILE

# The last line of a run, with the total; a run that crashed has none.
/(✔|✘|━) Test run with [0-9]+ tests? / {
  total = $0
  sub(/.* Test run with /, "", total)
  total += 0
  ended = 1
  next
}

/◇ Test .* started\.$/ && !/◇ Test (run|case) / {
  sub(/.*◇ Test /, "")
  sub(/ started\.$/, "")
  running[$0] = 1
  next
}

/(✔|✘|━) Test .* (passed|failed) after [0-9.]+ seconds/ {
  if (/✘ Test /) failed++; else passed++
  sub(/.*(✔|✘|━) Test /, "")
  sub(/( with [0-9]+ test cases?)? (passed|failed) after .*/, "")
  delete running[$0]
  next
}

/➜ Test .* (skipped|cancelled)/ && !/➜ Test case / { skipped++; next }

# What went wrong, with the lines that explain it.
/✘ Test .* recorded an issue/ || /Fatal error:/ || /^error: / || /runtime error:/ || /^SUMMARY: .*Sanitizer/ {
  report[++lines] = $0
  explains = 1
  next
}
explains && /^(↳|  )/ { report[++lines] = $0; next }
{ explains = 0 }

END {
  if (ended) passed = total - failed - skipped
  crashed = !ended || (status != 0 && !failed)
  if (crashed) failed++

  if (failed) print "\nWhat went wrong (everything is in " log_name "):"
  for (i = 1; i <= lines && i <= 200; i++) print "  " report[i]
  if (lines > 200) print "  … and " lines - 200 " lines more"
  if (crashed) print "  The test process ended with status " status (ended ? "." : ", before its tests did.")
  if (!ended) for (name in running) print "  It was running " name
  if (passed + failed == 0) print "\nNo test ran."

  printf "\n%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
  exit failed > 0 || passed == 0
}
