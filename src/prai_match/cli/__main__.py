"""``python -m prai_match.cli``: the command line, if the program's folder isn't on the path."""

from prai_match.cli import main

if __name__ == "__main__":  # pragma: no cover - run as a program
    main()
