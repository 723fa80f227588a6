"""`python -m perron` is the command `perron`."""

from perron.cli import main

if __name__ == "__main__":
    main()
