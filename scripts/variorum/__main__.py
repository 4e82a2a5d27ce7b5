from variorum.cli import main

main()
