from simulators.testing.artifacts import file_name


def test_a_file_is_called_as_its_test_and_its_seed() -> None:
    assert file_name("tests/test_x.py::TestY::test_z[0.5-True]", 7) == "tests-test_x.py-TestY-test_z-0.5-True-seed7"
    assert file_name("test_x.py::test_z[hall-seed7]", 7) == "test_x.py-test_z-hall-seed7"


def test_two_tests_have_two_files_whatever_their_names_are_made_of() -> None:
    names = ("a b", "a-b", "a/b", "<1>", "(1)", "ä", "ö", "x" * 300, "x" * 301, "seed1", "seed12")
    files = [file_name(f"test_x.py::test_z[{name}]", seed) for name in names for seed in (1, 2)]
    assert len(set(files)) == len(files)
    assert max(map(len, files)) <= 120
    assert all(file.isascii() and "/" not in file for file in files)
